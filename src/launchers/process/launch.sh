# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Ensures that an operation has been started, once. Stdin: nonce, then one encoded field a line.
# Answers: launched MACHINE BOOT PID TICKS | claimed | other-machine | refused sealed|open CODE, with a reason in hex.

receive
read -r id && read -r expected && read -r expected_runs && read -r folder && read -r supervisor_name && read -r supervisor && read -r record &&
  read -r command && read -r complete || exit 1
[ "$complete" = complete ] || exit 1

id=$(decode "$id")
folder=$(decode "$folder")
expected_runs=$(decode "$expected_runs")
# In another folder of all runs, nobody knows what was claimed.
if [ "$(decode "$expected")" != "$machine" ] || [ "${expected_runs:-$runs_id}" != "$runs_id" ]; then
  say other-machine
  finish
fi
supervisor_name=$(decode "$supervisor_name")
run=$runs/$id
bin=$root/bin

# report: says what is known of the run, if anything.
report() {
  first_line "$run/ident"
  if [ -n "$line" ]; then
    say launched "$line"
    finish
  fi
}

if [ ! -d "$run/claim" ]; then
  prepare
  if command -v setsid >/dev/null 2>&1; then
    REMOTE_OPS_ID=$id setsid sh "$bin/$supervisor_name" "$run" "$umask" </dev/null >/dev/null 2>&1 &
  elif command -v perl >/dev/null 2>&1; then
    REMOTE_OPS_ID=$id perl -e 'use POSIX; POSIX::setsid(); exec @ARGV' sh "$bin/$supervisor_name" "$run" "$umask" \
      </dev/null >/dev/null 2>&1 &
  else
    refuse no-setsid ''
  fi
fi

tries=0
while [ $tries -lt 100 ]; do
  report
  sleep 0.05 2>/dev/null || sleep 1
  tries=$((tries + 1))
done
# Not claimed in five seconds: whoever claims now decides. If we do, it can never start.
if mkdir "$run/claim" 2>/dev/null; then
  say refused sealed did-not-start
  finish
fi
report
say claimed
finish
