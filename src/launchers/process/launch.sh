# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Ensures that an operation has been started, once. Stdin: nonce, then one encoded field a line.
# Answers: launched MACHINE BOOT PID TICKS, then "gpus INDEX..." if it holds any | claimed | other-machine |
# no-gpus, with a reason in hex | refused sealed|open CODE, with a reason in hex.

receive
read -r id && read -r expected && read -r expected_runs && read -r folder && read -r supervisor_name && read -r supervisor && read -r record &&
  read -r command && read -r gpu_count && read -r starter && read -r complete || exit 1
[ "$complete" = complete ] || exit 1

id=$(decode "$id")
folder=$(decode "$folder")
gpu_count=$(decode "$gpu_count")
starter=$(decode "$starter")
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
    first_line "$run/claim/gpus"
    if [ -n "$line" ]; then say gpus "$line"; fi
    finish
  fi
}

# start_unit: the user's service manager starts the supervisor, in a session of its own as well. A manager has another
# environment than we have: ours goes by way of a file, and alone. A unit that is there is that of an earlier try.
start_unit() {
  # shellcheck disable=SC2016 # for whoever reads it there
  problem=$({
    export -p && printf '%s\n' 'rm -f "$0"' 'REMOTE_OPS_ID=$1' 'export REMOTE_OPS_ID' 'shift' 'exec sh "$@"'
  } 2>&1 >"$run/start.$$") || refuse cannot-write "$problem"
  find_manager
  if [ -z "$lack" ]; then
    # What the command leaves behind lives on, as it does otherwise.
    problem=$(LC_ALL=C systemd-run --user --collect --quiet "--unit=remote-ops-$id" --property=KillMode=process \
      --property=StandardOutput=null --property=StandardError=null -- \
      env -i "$(command -v sh)" "$run/start.$$" "$id" "$bin/$supervisor_name" "$run" "$umask" 2>&1 </dev/null) && return
    lack=no-unit
  fi
  rm -f "$run/start.$$"
  case $lack:$problem in
    no-unit:*already*) ;;
    no-unit:*) refuse no-unit "$problem" ;;
    *) refuse "$lack" "$user" ;;
  esac
}

if [ ! -d "$run/claim" ]; then
  prepare
  if [ "$gpu_count" -gt 0 ]; then
    # Of an earlier try, whose claim was given back.
    rm -f "$run/no-gpus"
    store "$run/gpus" "=$gpu_count"
  fi
  if [ "$starter" = systemd ]; then
    start_unit
  elif command -v setsid >/dev/null 2>&1; then
    REMOTE_OPS_ID=$id setsid sh "$bin/$supervisor_name" "$run" "$umask" </dev/null >/dev/null 2>&1 &
  elif command -v perl >/dev/null 2>&1; then
    REMOTE_OPS_ID=$id perl -e 'use POSIX; POSIX::setsid(); exec @ARGV' sh "$bin/$supervisor_name" "$run" "$umask" \
      </dev/null >/dev/null 2>&1 &
  else
    refuse no-setsid ''
  fi
fi

tries=0
most=100
# nvidia-smi takes its time.
if [ "$gpu_count" -gt 0 ]; then most=400; fi
while [ $tries -lt $most ]; do
  report
  if [ "$gpu_count" -gt 0 ] && [ -f "$run/no-gpus" ]; then
    say no-gpus
    od -An -v -tx1 -N 2000 "$run/no-gpus"
    finish
  fi
  sleep 0.05 2>/dev/null || sleep 1
  tries=$((tries + 1))
done
# Not claimed in time: whoever claims now decides. If we do, it can never start.
if mkdir "$run/claim" 2>/dev/null; then
  rm -f "$run"/start.*
  say refused sealed did-not-start
  finish
fi
report
say claimed
finish
