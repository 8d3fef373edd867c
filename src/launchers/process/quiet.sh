# shellcheck shell=sh disable=SC2034,SC2046,SC2086,SC2154,SC2317,SC2329
# Which operations have not written to their log or progress.json for so long as they were asked about, and
# since when, on the scale of the uptime. Looked up once a minute, for all of them by three processes.

quiet_every=60

# quiet_files: names below $runs of what those write that are asked about.
quiet_files() {
  IFS=$newline
  for request in $table; do
    unset IFS
    set -- $request
    if [ "$8" = - ]; then continue; fi
    for name in log progress.json; do
      if [ -f "$runs/$2/$name" ]; then echo "./$2/$name"; fi
    done
  done
  unset IFS
}

# written NAME...: a line each, NAME SIZE SECONDS, the last by the clock of the file system.
written() {
  cd "$runs" || return
  if stat -L -c %n . >/dev/null 2>&1; then
    stat -L -c '%n %s %Y' "$@" 2>/dev/null
  elif stat -L -f %N . >/dev/null 2>&1; then
    stat -L -f '%N %z %m' "$@" 2>/dev/null
  fi
}

# movements: "quiet ID SINCE ...", and for each operation a line ID STAMP SINCE. Where no other machine writes the
# files, their times are of this one's clock and tell how old they are. Elsewhere only that a file was written
# between two looks is known: it counts from when it was first seen as it is.
movements() {
  set -- $(quiet_files)
  if [ $# -eq 0 ]; then return; fi
  printf '%s\n' "${table%"$newline"}" '' "$moves" '' "$(written "$@")" |
    LC_ALL=C awk -v uptime="$seconds" -v clock="$(date +%s)" -v here="$readable" '
      $0 == "" { kind++; next }
      !kind { if ($8 != "-") after[$2] = $8; next }
      kind == 1 { was[$1] = $2; since[$1] = $3; next }
      {
        split($1, path, "/")
        id = path[2]
        if (!(id in stamp)) order[++count] = id
        stamp[id] = stamp[id] "/" $2 "," $3
        if (!(id in age) || clock - $3 < age[id]) age[id] = clock - $3
      }
      END {
        quiet = "quiet"
        for (i = 1; i <= count; i++) {
          id = order[i]
          if (!(id in was) || was[id] != stamp[id]) {
            since[id] = uptime
            if (here == "yes" && age[id] > 0) since[id] = uptime - age[id]
          }
          lines = lines "\n" id " " stamp[id] " " since[id]
          if (uptime - since[id] >= after[id] + 0) quiet = quiet " " id " " since[id]
        }
        print quiet lines
      }'
}

# tell_quiet: the line is told when another operation falls silent or one is heard of again.
tell_quiet() {
  if [ -z "$quiets" ] || [ -z "$uptime" ]; then return; fi
  eval "checked=\$checked_$part text=\$quiet_$part"
  seconds=${uptime%%.*}
  if [ -z "$checked" ] || [ $((seconds - checked)) -ge $quiet_every ]; then
    whose_files
    eval "moves=\$moves_$part"
    moves=$(movements)
    text=${moves%%"$newline"*}
    moves=${moves#"$text"}
    text=${text:-quiet}
    moves=${moves#"$newline"}
    eval "moves_$part=\$moves checked_$part=\$seconds quiet_$part=\$text"
  fi
  index=quiet
  tell
}
