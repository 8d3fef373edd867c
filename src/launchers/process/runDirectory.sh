# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Fills a run directory, $run, with what was received.

# refuse CODE TEXT: nothing was started; "sealed" when nothing can be any more, whoever else tries.
refuse() {
  if mkdir "$run/claim" 2>/dev/null; then
    say refused sealed "$1"
  else
    say refused open "$1"
  fi
  printf '%s' "$2" | od -An -v -tx1 -N 2000
  finish
}

# store FILE ENCODED: writes it whole or refuses with what the system said.
store() {
  problem=$({ decode "$2" >"$1.$$" && mv "$1.$$" "$1"; } 2>&1) || refuse cannot-write "$problem"
}

# prepare: $run with $record and $command, and $supervisor beside it; refuses where $folder does not exist.
prepare() {
  # shellcheck disable=SC2088 # the user typed it, no shell has seen it
  case $folder in
    '~') folder=$HOME ;;
    '' | /*) ;;
    *) folder=$HOME/${folder#'~/'} ;;
  esac
  problem=$(mkdir -p "$run" "$bin" 2>&1) || refuse cannot-write "$problem"
  if [ -n "$folder" ] && ! (cd "$folder") 2>/dev/null; then
    refuse no-folder "$folder"
  fi
  [ -f "$bin/$supervisor_name" ] || store "$bin/$supervisor_name" "$supervisor"
  store "$run/op.json" "$record"
  store "$run/cmd.sh" "$command"
}
