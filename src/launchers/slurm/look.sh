# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Looks at jobs. Stdin: nonce, ACCOUNTING DAYS OTHERS USES, a line "ID one|array" for each operation, "complete".
# Answers: now TIME, queue ok|failed, accounting ok|none|failed, and what either said of the operations:
#   job JOB|TASKS|NAME|STATE|PARTITION|NODES|USED|LIMIT|START|END|SUBMIT|CPUS|REASON
#   record JOB|NAME|STATE|EXIT|SUBMIT|END|PARTITION|NODES|SECONDS
# and, if OTHERS is yes, of the user's other jobs, those that have not ended first, and how many of them there are more:
#   other JOB|TASKS|STATE|PARTITION|NODES|USED|LIMIT|START|END|SUBMIT|CPUS|REASON|NAME
#   more COUNT
# What is not as it should be is told as it is. Of more that left the queue than accounting is asked about at once:
#   left ID
# If USES is yes, and accounting need not be asked, what jobs have used that run on other nodes:
#   uses ok|failed
#   used JOB.STEP|TRES
# and of the run directories of those that are missing there, doubled or ended:
#   run ID PRESENT CLAIMED JOB
#   tasks ID      with lines "task-INDEX/exit_code:CODE" in hex, of arrays

receive
read -r accounting days others uses || exit 1
table=$(cat)
[ "${table##*"$newline"}" = complete ] || exit 1
table=${table%complete}
say now "$(date -u +%Y-%m-%dT%H:%M:%S)"

most_others=2000
# One argument holds no more than 128 KiB.
most_missing=1000
# For each of them the controller is asked, and its nodes.
most_uses=20

ask_queue
if [ "$status" -ne 0 ]; then
  say queue failed
  explain
  finish
fi
say queue ok

# The lines that are about operations asked for, then those about others, then "missing ID", "look ID" and, of jobs that
# run elsewhere, "runs JOB".
here=$(uname -n)
found=$(printf '%s.\n%s\n' "$table" "$listing" | LC_ALL=C awk -v others="$others" -v most=$most_others -v here="${here%%.*}" '
  # A name may hold what stands between fields: it goes last.
  function other(    at, name, line) {
    name = $4
    for (at = 5; at <= NF - 10; at++) name = name "|" $at
    line = $2 "|" $3
    for (at = NF - 9; at <= NF; at++) line = line "|" $at
    line = line "|" name
    gsub(/[^ -~]/, "?", line)
    return line
  }
  !jobs && $0 == "." { jobs = 1; FS = "|"; next }
  !jobs { kinds[$1] = $2; order[++count] = $1; next }
  !/^job\|/ { next }
  NF < 14 { gsub(/[^ -~]/, "?"); print "job " substr($0, 5); next }
  {
    id = $4
    if (!sub(/^remote-ops-/, "", id) || !(id in kinds)) {
      if (others != "yes") next
      if ($(NF - 9) ~ /^(PENDING|RUNNING|COMPLETING|CONFIGURING|SUSPENDED)$/) {
        if (++active <= most) print "other " other()
      } else if (++past <= most) ended[past] = other()
      next
    }
    gsub(/[^ -~]/, "?")
    print "job " substr($0, 5)
    if (id in job && job[id] != $2) look[id] = 1
    job[id] = $2
    if ($5 !~ /^(PENDING|RUNNING|COMPLETING|CONFIGURING|SUSPENDED)$/) look[id] = 1
    if ($5 == "RUNNING" && kinds[id] == "one" && $7 != here) print "runs " $2
  }
  END {
    for (at = 1; at <= past && at <= most && active + at <= most; at++) print "other " ended[at]
    if (active + past > most) print "more " (active + past - most)
    for (at = 1; at <= count; at++) {
      id = order[at]
      if (!(id in job) || kinds[id] == "array") print "missing " id
      if (!(id in job) || id in look) print "look " id
    }
  }')
tell "$(printf '%s\n' "$found" | grep -e '^job ' -e '^other ' -e '^more ')"

missing=$(printf '%s\n' "$found" | sed -n 's/^missing /remote-ops-/p' | head -n $most_missing | tr '\n' ',')
if [ "$accounting" != yes ]; then
  say accounting none
elif [ -n "$missing" ]; then
  tell "$(printf '%s\n' "$found" | sed -n 's/^missing /left /p' | tail -n +$((most_missing + 1)))"
  ask_accounting "$days" "${missing%,}"
  if [ "$status" -eq 0 ]; then
    say accounting ok
    tell "$(printf '%s\n' "$listing" | LC_ALL=C awk -F '|' '$2 ~ /^remote-ops-/ { gsub(/[^ -~]/, "?"); print "record " $0 }')"
  elif keeps_no_accounts; then
    say accounting none
  else
    say accounting failed
    explain
  fi
fi

running=$(printf '%s\n' "$found" | sed -n 's/^runs //p' | sort -rn | head -n $most_uses | tr '\n' ',')
if [ "$uses" = yes ] && [ -n "$running" ] && { [ -z "$missing" ] || [ "$accounting" != yes ]; }; then
  ask_uses "${running%,}"
  used=$(printf '%s\n' "$listing" | LC_ALL=C awk '/^[0-9]+[.][0-9a-z+]+[|]/ { gsub(/[^ -~]/, "?"); print "used " $0 }' | head -n 1000)
  if [ -n "$used" ]; then
    say uses ok
    tell "$used"
  else
    say uses failed
    explain
  fi
fi

for id in $(printf '%s\n' "$found" | sed -n 's/^look //p'); do
  present=no claimed=no line=
  if [ -d "$runs/$id" ] && [ -x "$runs/$id" ]; then present=yes; fi
  if [ -d "$runs/$id/claim" ]; then claimed=yes; fi
  first_line "$runs/$id/claim/job"
  say run "$id" $present $claimed "${line:--}"
done

for id in $(printf '%s' "$table" | sed -n 's/ array$//p'); do
  exits=$(cd "$runs/$id" 2>/dev/null && find . -path './task-*/exit_code' -exec grep -H . {} + 2>/dev/null)
  say tasks "$id"
  printf '%s' "$exits" | od -An -v -tx1
done
finish
