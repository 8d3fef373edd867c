# shellcheck shell=sh disable=SC2034,SC2086,SC2154,SC2317,SC2329
# Ensures that an operation has been handed to pueue, once. Stdin: nonce, then one encoded field a line.
# Answers: submitted NUMBER STATE | claimed | unsure CODE, with pueue's words in hex | other-machine |
# refused sealed|open CODE, with a reason in hex.

receive
read -r id && read -r expected && read -r expected_runs && read -r folder && read -r supervisor_name &&
  read -r supervisor && read -r record && read -r command && read -r group && read -r priority && read -r complete || exit 1
[ "$complete" = complete ] || exit 1

id=$(decode "$id")
folder=$(decode "$folder")
group=$(decode "$group")
priority=$(decode "$priority")
expected_runs=$(decode "$expected_runs")
if [ "$(decode "$expected")" != "$machine" ] || [ "${expected_runs:-$runs_id}" != "$runs_id" ]; then
  say other-machine
  finish
fi
supervisor_name=$(decode "$supervisor_name")
run=$runs/$id
bin=$root/bin

unsure() {
  say unsure "$(why "$1")"
  words "$1"
  finish
}

# search: for the task of this request or of an earlier one; false when pueue has none, ends with it if it has.
# Without an answer, only what was never sent is known not to be there.
search() {
  if ! ask_status "$id"; then
    if [ -d "$run/pueue" ]; then unsure "$said"; fi
    refuse "$(why "$said")" "$said"
  fi
  task=$(printf '%s\n' "$listing" | sed -n 's/^task \([0-9]* [A-Za-z]*\) .*/\1/p' | tail -n 1)
  [ -n "$task" ] || return 1
  say submitted $task
  finish
}

if [ ! -d "$run/claim" ]; then prepare; fi
search
if [ -d "$run/claim" ]; then
  say claimed
  finish
fi
# Whoever makes this sends the first request. Others give it a moment: it may be on its way.
this_daemon
if mkdir "$run/pueue" 2>/dev/null; then
  if [ -n "$daemon" ]; then printf '%s\n' "$daemon" >"$run/pueue/daemon.$$" && mv "$run/pueue/daemon.$$" "$run/pueue/daemon"; fi
else
  handed "$id"
  if [ $handed = other ]; then
    say unsure other-daemon
    finish
  fi
  tries=0
  while [ $tries -lt 6 ]; do
    sleep 0.5 2>/dev/null || sleep 1
    search
    tries=$((tries + 1))
  done
fi
REMOTE_OPS_ID=$id
export REMOTE_OPS_ID
added=$(cd && call add "--label=remote-ops-$id" ${group:+"--group=$group"} \
  ${priority:+"--priority=$priority"} -- \
  "exec sh $(quoted "$bin/$supervisor_name") $(quoted "$run") $umask $id" 2>&1)
status=$?
search
if [ $status -eq 0 ]; then unsure ''; fi
refuse pueue-refused "$(printf '%s\n' "$added" | told)"
