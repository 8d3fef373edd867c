# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Runs one operation, at most once: supervisor.sh RUN_DIRECTORY UMASK [ID [JOB]]
# Leads the operation's session and process group. Whoever makes claim/ first runs; others leave quietly. Where a
# scheduler has started it, JOB is what that calls it, and the exit code is for that to see, too.

run=$1
command_umask=$2
umask 077
cd "$run" || exit 1
mkdir claim 2>/dev/null || exit 0

# put NAME TEXT: writes a file of the run directory whole or not at all.
put() {
  printf '%s\n' "$2" 2>/dev/null >"$1.new" && [ -s "$1.new" ] && mv "$1.new" "$1"
}

this_machine
proc_stat $$
own_ticks=${ticks:--}
put claim/node "$node"
if [ -n "$4" ]; then put claim/job "$4"; fi

# It needs GPUs: none is claimed without a holder that lives, and nothing runs without them.
first_line gpus
if [ -n "$line" ]; then
  pid_space
  holder=remote-ops:$boot:$space:$$:$own_ticks:${3:-${run##*/}}
  if ! take_gpus "$line"; then
    # Giving the claim back proves that nothing ran; then it can be told.
    rm -rf claim
    put no-gpus "${gpu_text:-all are taken}"
    exit 0
  fi
  put claim/gpus "$indices"
  CUDA_VISIBLE_DEVICES=$uuids
  export CUDA_VISIBLE_DEVICES
fi

if ! put ident "$machine $boot $$ $own_ticks"; then
  # Nothing ran and nothing will: giving the claim back proves it.
  rm -rf claim
  exit 1
fi

# Killed before it began.
[ -e claim/killed ] && exit 0

REMOTE_OPS_ID=${3:-${run##*/}}
REMOTE_OPS_DIR=$run
REMOTE_OPS_PROGRESS=$run/progress.json
export REMOTE_OPS_ID REMOTE_OPS_DIR REMOTE_OPS_PROGRESS

shell=$(command -v bash || command -v sh)
signalled=

# A signal to the leader alone is meant for the operation. After our own kill the group has it already.
forward() {
  signalled=$1
  interrupted=yes
  [ -e claim/killed ] && return
  trap '' "$1"
  kill -"$1" -$$ 2>/dev/null
  # shellcheck disable=SC2064 # the signal of now
  trap "forward $1" "$1"
}
trap 'forward HUP' HUP
trap 'forward INT' INT
trap 'forward TERM' TERM

(
  umask "$command_umask"
  exec "$shell" "$run/cmd.sh"
) </dev/null >>log 2>&1 &
child=$!

# A signal ends a wait as well, with a code above 128 that is not the child's: wait again. If it was the
# child's after all, the shell has told of it and forgotten it, and says 127.
code=
until
  interrupted=
  wait "$child"
  status=$?
  if [ "$status" -ne 127 ] || [ -z "$code" ]; then code=$status; fi
  [ -z "$interrupted" ] || [ "$code" -le 128 ]
do :; done

# Ended by a signal that came from outside, to the whole operation: that is no exit code of its own.
if [ -n "$signalled" ] && [ "$code" -gt 128 ]; then
  put claim/signalled "$signalled"
  exit "$code"
fi
now
put claim/ended "${uptime:--}"
# A full disk must not turn an end into a disappearance: stay until it is written.
until put exit_code "$code"; do
  [ -d "$run" ] || exit 1
  sleep 5
done
exit "$code"
