# shellcheck shell=sh disable=SC2148
# What a job runs: batch.sh RUN_DIRECTORY SUPERVISOR UMASK
run=$1
id=${run##*/}
REMOTE_OPS_CWD=$PWD
export REMOTE_OPS_CWD
if [ -n "$SLURM_ARRAY_TASK_ID" ]; then
  # The claim of the whole is only taken to call it off.
  [ ! -e "$run/claim" ] || exit 125
  task=$run/task-$SLURM_ARRAY_TASK_ID
  mkdir -p "$task" || exit 125
  for name in cmd.sh script log; do
    [ -e "$task/$name" ] || ln -s "../$name" "$task/$name"
  done
  run=$task
fi
# Slurm starts the same job anew: after the end of the first attempt, and only where that was allowed.
if [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ] && [ ! -e "$run/claim/killed" ] && [ "$(cat "$run/claim/job" 2>/dev/null)" = "$SLURM_JOB_ID" ]; then
  mv "$run/claim" "$run/claim.$SLURM_RESTART_COUNT" && rm -f "$run/exit_code" "$run/ident"
fi
[ ! -e "$run/claim" ] || exit 125
exec sh "$2" "$run" "$3" "$id" "$SLURM_JOB_ID"
