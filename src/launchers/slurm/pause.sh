# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Holds or suspends a job, or lets it go on. Stdin: nonce, then ID RUNS_ID pause|resume.
# Answers: done STATE... | look | refused OTHERS, with Slurm's words in hex | failed, with them | other-machine
# OTHERS: of its tasks so many are as wished. What is done is told only once the queue shows it.

receive
read -r id known_runs wish || exit 1
if [ "$known_runs" != - ] && [ "$runs_id" != "$known_runs" ]; then
  say other-machine
  finish
fi
name=remote-ops-$id

# see: of the jobs with our token the ids of those that are not as wished, by what is to be done with them, and in
# $states what the others are. An array is acted upon as one.
see() {
  ask_queue
  if [ "$status" -ne 0 ]; then
    say failed
    explain
    finish
  fi
  seen=$(printf '%s\n' "$listing" | LC_ALL=C awk -F '|' -v name="$name" -v wish="$wish" '
    $1 != "job" || $4 != name || $2 !~ /^[0-9]+$/ { next }
    {
      held = $5 == "PENDING" && $14 ~ /^JobHeld/
      halted = held || $5 == "SUSPENDED"
      what = ""
      if (wish == "pause" && $5 == "PENDING" && !held) what = "uhold"
      if (wish == "pause" && $5 == "RUNNING") what = "suspend"
      if (wish == "resume" && held) what = "release"
      if (wish == "resume" && $5 == "SUSPENDED") what = "resume"
      if (what != "" && !((what, $2) in told)) { told[what, $2] = 1; print what " " $2 }
      if (what == "" && (wish == "pause" ? halted : $5 ~ /^(PENDING|RUNNING)$/)) { count++; if (!($5 in told)) { told[$5] = 1; print "is " $5 } }
    }
    END { print "count " count + 0 }')
  states=$(printf '%s\n' "$seen" | sed -n 's/^is //p' | tr '\n' ' ')
  others=$(printf '%s\n' "$seen" | sed -n 's/^count //p')
}

# act WHAT: on all jobs that need it. What Slurm complains of is kept in $complaint, unless it is about those tasks
# of an array that need something else.
act() {
  jobs=$(printf '%s\n' "$seen" | sed -n "s/^$1 //p" | tr '\n' ',')
  [ -n "$jobs" ] || return 0
  acted=yes
  asked 30 scontrol "$1" "${jobs%,}"
  said=$(printf '%s\n' "$listing" | grep -v -e 'No error$' -e 'Job is pending execution')
  complaint=$complaint$said
}

# A job may start, or end, between what is seen and what is done. What is complained of twice is a refusal.
complaint=
for round in first second third last; do
  acted=
  complained=$complaint
  complaint=
  see
  # Before the others: what would start in the meantime.
  act uhold
  act suspend
  act resume
  act release
  if [ -z "$acted" ]; then
    if [ -n "$states" ]; then say "done" "${states% }"; else say look; fi
    finish
  fi
  if [ -n "$complained" ] && [ -n "$complaint" ]; then
    say refused "$others"
    listing=$complaint
    explain
    finish
  fi
  [ "$round" = first ] || sleep 1
done
say look
finish
