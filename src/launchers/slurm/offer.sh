# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# What Slurm offers. Stdin: nonce. Answers: none | slurm, and then lines
#   partition NAME|LIMIT|GRES|AVAILABILITY|DEFAULT_TIME
#   account NAME|PARTITION|QOS,...      where it keeps accounts

receive

# listed TAG FIELDS: the lines of $listing that begin with TAG and have so many fields.
listed() {
  printf '%s\n' "$listing" | LC_ALL=C awk -F '|' -v tag="$1" -v fields="$2" '
    $1 == tag && NF == fields { gsub(/[^ -~]/, "?"); print tag " " substr($0, length(tag) + 2, 2000) }' | head -n 200
}

# Commands that are installed are no cluster yet: one that does not answer takes no jobs either.
command -v sbatch >/dev/null 2>&1 && asked 10 sinfo -h -o 'partition|%P|%l|%G|%a|%L'
if [ "${status:-1}" -ne 0 ]; then
  say none
  finish
fi
say slurm
tell "$(listed partition 6)"
# Without them, or while they do not answer, the user's default account serves.
if command -v sacctmgr >/dev/null 2>&1 && asked 5 sacctmgr -n -P show assoc where "user=$(id -un)" format=account,partition,qos &&
  [ "$status" -eq 0 ]; then
  listing=$(printf '%s\n' "$listing" | sed 's/^/account|/')
  tell "$(listed account 4)"
fi
finish
