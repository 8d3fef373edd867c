# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# What Slurm offers. Stdin: nonce. Answers: none | slurm, and then "partition NAME|LIMIT|GRES|AVAILABILITY".

receive
# Commands that are installed are no cluster yet: one that does not answer takes no jobs either.
command -v sbatch >/dev/null 2>&1 && asked 10 sinfo -h -o 'partition|%P|%l|%G|%a'
if [ "${status:-1}" -ne 0 ]; then
  say none
  finish
fi
say slurm
partitions=$(printf '%s\n' "$listing" | LC_ALL=C awk -F '|' '$1 == "partition" && NF == 5 { gsub(/[^ -~]/, "?"); print "partition " substr($0, 11) }' | head -n 200)
if [ -n "$partitions" ]; then
  printf '%s\n' "$partitions"
  lines=$((lines + $(printf '%s\n' "$partitions" | wc -l)))
fi
finish
