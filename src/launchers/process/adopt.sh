# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Takes up a process that was started elsewhere as an operation: gives it a run directory, in which "adopted" says
# where its output goes. Nothing is signalled. Stdin: nonce, then one encoded field a line.
# Answers: launched MACHINE BOOT PID TICKS, then "output WORD" | other-machine | claimed | refused sealed|open CODE,
# with a reason in hex. A process that is gone, or not the user's, never becomes the one that was meant: "sealed".

receive
read -r id && read -r expected && read -r expected_runs && read -r known_boot && read -r pid &&
  read -r known_ticks && read -r record && read -r complete || exit 1
[ "$complete" = complete ] || exit 1
id=$(decode "$id")
expected_runs=$(decode "$expected_runs")
known_boot=$(decode "$known_boot")
pid=$(decode "$pid")
known_ticks=$(decode "$known_ticks")
if [ "$(decode "$expected")" != "$machine" ] || [ "${expected_runs:-$runs_id}" != "$runs_id" ]; then
  say other-machine
  finish
fi
run=$runs/$id

# report: what is known of the run, if it is one already.
report() {
  first_line "$run/ident"
  if [ -n "$line" ]; then
    say launched "$line"
    first_line "$run/adopted"
    say output "${line:-unknown}"
    finish
  fi
}

# never CODE: it is not to be had, now or later.
never() {
  say refused sealed "$1"
  finish
}

# output_of PID: in $output, where its standard output goes; $target is the file that it is.
output_of() {
  output='unknown'
  target=$(readlink "$proc/$1/fd/1" 2>/dev/null)
  # shellcheck disable=SC3013 # all shells that are a /bin/sh know it
  case $target in
    /dev/null) output='nowhere' ;;
    /dev/pts/* | /dev/tty* | /dev/console) output='terminal' ;;
    pipe:*) output='pipe' ;;
    socket:*) output='socket' ;;
    # The same file by that name here: it may have been deleted, or be in a container.
    /*) if [ -f "$target" ] && [ "$target" -ef "$proc/$1/fd/1" ]; then output='file'; fi ;;
  esac
}

report
case $pid in '' | 0 | 1 | *[!0-9]*) never gone ;; esac
[ "$eyes" = proc ] || never no-proc
if [ "$boot" != "$known_boot" ] || ! leads; then never gone; fi
# shellcheck disable=SC3067 # all shells that are a /bin/sh know it
[ -O "$proc/$pid" ] || never other-user
if tr '\0' '\n' 2>/dev/null <"$proc/$pid/environ" | grep -q '^REMOTE_OPS_ID='; then never ours; fi

problem=$(mkdir -p "$run" 2>&1) || refuse cannot-write "$problem"
output_of "$pid"
store "$run/op.json" "$record"
store "$run/adopted" "=$output\n"
# What was killed before it was taken up stays untouched.
if ! mkdir "$run/claim" 2>/dev/null && [ -e "$run/claim/killed" ]; then
  say claimed
  finish
fi
store "$run/claim/node" "=$node\n"
if [ "$output" = file ]; then ln -s "$target" "$run/log" 2>/dev/null; fi
# It may have ended meanwhile, and its pid be another's.
leads || never gone
store "$run/ident" "=$machine $boot $pid $known_ticks\n"
report
refuse cannot-write ''
