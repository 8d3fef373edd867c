# shellcheck shell=sh disable=SC2034,SC2046,SC2154,SC2317,SC2329
# How Slurm is asked. Each of its commands has a time limit: a client that is throttled waits instead of failing.

uid=$(id -u)

# What a profile sets for these commands would hide jobs.
unset $(env | sed -n -e 's/^\(SQUEUE_[A-Z0-9_]*\)=.*/\1/p' -e 's/^\(SACCT_[A-Z0-9_]*\)=.*/\1/p' -e 's/^\(SCANCEL_[A-Z0-9_]*\)=.*/\1/p')

# asked SECONDS COMMAND...: what it prints and complains in $listing, how it ended in $status. Times are told in
# UTC, lists of array tasks in full.
asked() {
  listing=$(
    TZ=UTC0 SLURM_TIME_FORMAT=standard SLURM_BITSTR_LEN=0 LC_ALL=C
    export TZ SLURM_TIME_FORMAT SLURM_BITSTR_LEN LC_ALL
    limited "$@" 2>&1 </dev/null
  )
  status=$?
}

# ask_queue: all jobs of the user, also those that have ended and those in hidden partitions.
ask_queue() {
  asked 20 squeue -h -a -t all -u "$uid" -o 'job|%F|%K|%j|%T|%P|%N|%M|%l|%S|%e|%V|%C|%r'
}

# ask_accounting DAYS TOKENS: its records of these jobs of the last days.
ask_accounting() {
  asked 30 sacct -n -P -X -u "$uid" -S "now-$1days" --name="$2" \
    -o JobID,JobName,State,ExitCode,Submit,End,Partition,NodeList,ElapsedRaw
}

# ask_uses JOBS: what the steps of running jobs have used so far, of all their tasks.
ask_uses() {
  asked 10 sstat -n -P -a -j "$1" -o JobID,TRESUsageInTot
}

# keeps_no_accounts: what sacct said means that there never is anything to learn from it.
keeps_no_accounts() {
  case $listing in
    *'accounting storage is disabled'*) return 0 ;;
    *) ! command -v sacct >/dev/null 2>&1 ;;
  esac
}

# directives: of a batch script, those up to its first command.
directives() {
  awk '/^#SBATCH/ { print; next } /^[ \t]*(#|$)/ { next } { exit }' "$@"
}

# explain: what a command said, for people.
explain() {
  words "$(printf '%s' "$listing" | grep -v '^job|' | tail -n 5)"
}
