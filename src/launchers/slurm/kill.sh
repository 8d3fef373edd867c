# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Ends a job. Stdin: nonce, then ID GRACE_SECONDS RUNS_ID.
# Answers: dead | sealed | ended | look | alive COUNT | failed, with Slurm's words in hex | other-machine
# Slurm itself picks the jobs, by the user and the name that holds our token.

receive
read -r id grace known_runs || exit 1
if [ "$known_runs" != - ] && [ "$runs_id" != "$known_runs" ]; then
  say other-machine
  finish
fi
run=$runs/$id
name=remote-ops-$id
if [ -f "$run/exit_code" ]; then
  say ended
  finish
fi

# Whatever Slurm starts from here on finds the claim taken, and whoever looks finds that we did it.
sealed=
if mkdir -p "$run" 2>/dev/null && mkdir "$run/claim" 2>/dev/null; then sealed=yes; fi
for claim in "$run/claim" "$run"/task-*/claim; do
  [ -d "$claim" ] || continue
  if [ "$claim" != "$run/claim" ]; then sealed=; fi
  printf '' 2>/dev/null >"$claim/killed"
done

# cancel OPTION...
cancel() {
  asked 40 scancel "--user=$uid" "--name=$name" "$@"
  [ "$status" -eq 0 ] && return
  say failed
  explain
  finish
}

# count: of the jobs with our token those that have not ended in $active, all that the queue shows in $shown.
count() {
  ask_queue
  if [ "$status" -ne 0 ]; then
    say look
    finish
  fi
  counted=$(printf '%s\n' "$listing" | LC_ALL=C awk -F '|' -v name="$name" '
    $1 == "job" && $4 == name { shown++ }
    $1 == "job" && $4 == name && $5 !~ /^(COMPLETED|FAILED|CANCELLED|TIMEOUT|OUT_OF_MEMORY|NODE_FAIL|BOOT_FAIL|DEADLINE|PREEMPTED)$/ { active++ }
    END { print active + 0, shown + 0 }')
  active=${counted% *}
  shown=${counted#* }
}

now
began=${uptime%%.*}
cancel
pause=0.5
forced=
while :; do
  sleep "$pause" 2>/dev/null || sleep 1
  count
  [ "$active" -gt 0 ] || break
  now
  took=$((${uptime%%.*} - began))
  if [ "$took" -ge "$grace" ] && [ -z "$forced" ]; then
    cancel --full --signal=KILL
    forced=yes
  elif [ "$took" -ge $((grace + 15)) ]; then
    say alive "$active"
    finish
  fi
  case $pause in
    0.5) pause=1 ;;
    8) ;;
    *) pause=$((pause * 2)) ;;
  esac
  if [ -z "$forced" ] && [ $((took + pause)) -gt "$grace" ]; then pause=1; fi
done
if [ -n "$sealed" ]; then
  say sealed
elif [ "$shown" -gt 0 ]; then
  say dead
else
  # It was there and is not: its end is to be found elsewhere.
  say look
fi
finish
