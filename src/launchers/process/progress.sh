# shellcheck shell=sh disable=SC2034,SC2016,SC2046,SC2086,SC2154,SC2317,SC2329
# Progress of those that it was asked of, and of those that have ended: only files that changed since they
# were last told, all of them by three processes.

# progress_files: names below $runs. Regular files only.
progress_files() {
  if [ -n "$details" ]; then
    IFS=$newline
    for request in $table; do
      unset IFS
      set -- $request
      if [ "$7" = detail ] && [ -f "$runs/$2/progress.json" ]; then echo "$2/progress.json"; fi
    done
    unset IFS
  fi
  for id in $ended; do
    if [ -f "$runs/$id/progress.json" ]; then echo "$id/progress.json"; fi
  done
}

# stamps_of NAME...: a line each, NAME SIZE and what changes with the file. GNU and busybox, else BSD; where
# stat does neither, every file counts as changed.
stamps_of() {
  cd "$runs" || return
  if stat -c %n . >/dev/null 2>&1; then
    stat -c '%n %s %i %y' "$@" 2>/dev/null
  elif stat -f %N . >/dev/null 2>&1; then
    stat -f '%N %z %i %Fm' "$@" 2>/dev/null
  else
    printf "%s 0 $nonce\n" "$@"
  fi
}

# changed MOST: what differs between the stamps $stamps and $fresh. A file of more than MOST bytes tells
# nothing: cut short it would be no JSON.
changed() {
  printf '%s\n' "$stamps" '' "$fresh" | LC_ALL=C runs=$runs awk -v most="$1" '
    function head(name, path) { split(name, path, "/"); print "=" path[1] }
    !now && $0 == "" { now = 1; next }
    !now { old[$0] = 1; gone[$1] = 1; next }
    $0 == "" || $0 in seen { next }
    {
      seen[$0] = 1
      delete gone[$1]
      if ($0 in old) next
      head($1)
      if ($2 + 0 > most + 0) next
      file = ENVIRON["runs"] "/" $1
      while ((getline text < file) > 0) print " " text
      close(file)
    }
    END { for (name in gone) head(name) }'
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
