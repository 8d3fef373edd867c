# shellcheck shell=sh disable=SC2034,SC2016,SC2046,SC2086,SC2154,SC2317,SC2329
# Progress of those that it was asked of, and of those that have ended: only files that changed since they
# were last told, all of them by a handful of processes.

# progress_files: names below $runs. Regular files only: progress.json, and the log where that is wanted too.
progress_files() {
  if [ -n "$details" ]; then
    IFS=$newline
    for request in $table; do
      unset IFS
      set -- $request
      case $7 in
        detail | log) files_of "$2" "$7" ;;
      esac
    done
    unset IFS
  fi
  for id in $ended; do
    files_of "$id" log
  done
}

# files_of ID DETAIL
files_of() {
  if [ -f "$runs/$1/progress.json" ]; then echo "./$1/progress.json"; fi
  if [ "$2" = log ] && [ -f "$runs/$1/log" ]; then echo "./$1/log"; fi
}

# stamps_of NAME...: a line each, NAME SIZE and what changes with the file, also where that is behind a link. GNU and busybox, else BSD; where
# stat does neither, every file counts as changed.
stamps_of() {
  cd "$runs" || return
  if stat -L -c %n . >/dev/null 2>&1; then
    stat -L -c '%n %s %i %y' "$@" 2>/dev/null
  elif stat -L -f %N . >/dev/null 2>&1; then
    stat -L -f '%N %z %i %Fm' "$@" 2>/dev/null
  else
    printf "%s 1 $nonce\n" "$@"
  fi
}

# changed MOST: what differs between the stamps $stamps and $fresh: "=ID" and the lines of progress.json, which
# tells nothing if it has more than MOST bytes: cut short it would be no JSON. Where it is not of use, "~ID"
# and the last lines of the log instead, of MOST bytes at the end those that a terminal would still show.
changed() {
  cd "$runs" || return
  printf '%s\n' "$stamps" '' "$fresh" | LC_ALL=C awk -v most="$1" -v few=2048 '
    function id_of(name, path) { split(name, path, "/"); return path[2] }
    function is_log(name) { return name ~ /\/log$/ }
    # A JSON object, by its first and last character.
    function is_useful(name, text, part) {
      if (size[name] + 0 == 0 || size[name] + 0 > most + 0) return 0
      text = ""
      while ((getline part < name) > 0) text = text part
      close(name)
      return text ~ /^[ \t\r]*\{/ && text ~ /\}[ \t\r]*$/
    }
    function tell_file(name, text) {
      print "=" id_of(name)
      if (size[name] + 0 > most + 0) return
      while ((getline text < name) > 0) print " " text
      close(name)
    }
    # The last states of a line that is written over and over.
    function last_state(text, states, part, n, kept) {
      n = split(text, part, "\r")
      kept = ""
      while (n > 0 && states > 0) {
        if (part[n] !~ /^[ \033[0-9;KJm]*$/) {
          kept = part[n] (kept == "" ? "" : "\r" kept)
          states--
        }
        n--
      }
      return kept
    }
    # A bar inside another one: written, and back up.
    function is_nested(text) { return text ~ /\033\[A$/ && index(text, "\033[A") == length(text) - 2 }
    function keep(text) {
      if (!(is_nested(text) && lines > 0 && is_nested(line[lines]))) lines++
      line[lines] = index(text, "\033[A") ? text : last_state(text, 1)
    }
    # Of the last line, which may be half written yet, the state before it as well.
    function last_line(text) {
      if (!index(text, "\r") || index(text, "\033[A")) return text
      return "\r" last_state(text, 2) (text ~ /\r$/ ? "\r" : "")
    }
    function tell_log(id, from, room) {
      if (id == "") return
      last = last_line(last)
      room = few - length(last)
      from = lines + 1
      while (from > 1 && room > length(line[from - 1])) room -= length(line[--from]) + 1
      print "~" id
      for (; from <= lines; from++) print " " line[from]
      print " " substr(last, length(last) > few ? length(last) - few + 1 : 1)
    }
    # A log may hold what looks like the heading of another one: a log that is told twice is not to be believed.
    # The last one shows where the one before ends, and whether that is the end of a line.
    function tell_logs(command, text, id, begun) {
      command = "tail -c " most logs " /dev/null 2>/dev/null"
      heading["==> /dev/null <=="] = ""
      id = ""
      while ((command | getline text) > 0) {
        if (text in heading) {
          tell_log(id)
          id = heading[text]
          lines = begun = 0
          last = ""
          continue
        }
        if (begun) keep(last)
        last = text
        begun = 1
      }
      close(command)
      tell_log(id)
      logs = ""
    }
    !now && $0 == "" { now = 1; next }
    !now { old[$0] = 1; gone[$1] = 1; next }
    $0 == "" || $0 in seen { next }
    {
      seen[$0] = 1
      size[$1] = $2
      order[++files] = $1
      delete gone[$1]
      if (!($0 in old)) news[$1] = 1
    }
    END {
      for (i = 1; i <= files; i++) {
        name = order[i]
        if (!(name in news)) continue
        if (!is_log(name)) tell_file(name)
        else if (!is_useful("./" id_of(name) "/progress.json")) {
          logs = logs " " name
          heading["==> " name " <=="] = id_of(name)
          if (length(logs) > 60000) tell_logs()
        }
      }
      if (logs != "") tell_logs()
      for (name in gone) if (!is_log(name)) print "=" id_of(name)
    }'
}

tell_progress() {
  stamps=
  if [ "$kind" = delta ]; then eval "stamps=\$stamps_$part"; fi
  fresh=
  if [ -n "$details$ended" ]; then
    set -- $(progress_files)
    if [ $# -gt 0 ]; then fresh=$(stamps_of "$@"); fi
  fi
  eval "stamps_$part=\$fresh"
  if [ "$fresh" = "$stamps" ]; then return; fi
  # All together at most 8 MiB.
  most=$((8388608 / ($# + 1)))
  if [ $most -gt 16384 ]; then most=16384; fi
  data=$(changed $most | od -An -v -tx1)
  if [ -n "$data" ]; then
    say progress
    printf '%s\n' "$data"
  fi
}
