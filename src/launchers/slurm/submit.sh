# shellcheck shell=sh disable=SC2034,SC2046,SC2086,SC2154,SC2317,SC2329
# Ensures that an operation has been handed to Slurm, once. Stdin: nonce, then one encoded field a line.
# Answers: submitted JOB | claimed | unsure, with Slurm's words in hex | other-machine | refused sealed|open CODE,
# with a reason in hex.

receive
read -r id && read -r expected_runs && read -r folder && read -r supervisor_name && read -r supervisor && read -r record &&
  read -r command && read -r batch && read -r script && read -r options && read -r accounting && read -r complete || exit 1
[ "$complete" = complete ] || exit 1

id=$(decode "$id")
folder=$(decode "$folder")
script=$(decode "$script")
expected_runs=$(decode "$expected_runs")
# Login nodes differ, the home directory does not: in another one nobody knows what was handed over.
if [ "${expected_runs:-$runs_id}" != "$runs_id" ]; then
  say other-machine
  finish
fi
supervisor_name=$(decode "$supervisor_name")
run=$runs/$id
bin=$root/bin
name=remote-ops-$id

# submitted JOB: it is known what Slurm calls it.
submitted() {
  printf '%s\n' "$1" >"$run/sbatch/job"
  say submitted "$1"
  finish
}

unsure() {
  say unsure
  explain
  finish
}

# search: for a job of an earlier request; ends with its id, or when nothing can be seen.
search() {
  ask_queue
  [ $status -eq 0 ] || unsure
  job=$(printf '%s\n' "$listing" | awk -F '|' -v name="$name" '$4 == name { print $2; exit }')
  if [ -z "$job" ] && [ "$accounting" = yes ]; then
    ask_accounting 30 "$name"
    [ $status -eq 0 ] || keeps_no_accounts || unsure
    job=$(printf '%s\n' "$listing" | awk -F '|' -v name="$name" '$2 == name { sub(/_.*/, "", $1); print $1; exit }')
  fi
  case $job in
    '' | *[!0-9]*) ;;
    *) submitted "$job" ;;
  esac
}

first_line "$run/sbatch/job"
if [ -n "$line" ]; then
  say submitted "$line"
  finish
fi
command -v sbatch >/dev/null 2>&1 || refuse no-sbatch ''
if [ ! -d "$run/claim" ]; then
  prepare
  store "$run/batch.sh" "$batch"
  # As sbatch does: its text of now, and its directives up to the first command.
  if [ -n "$script" ]; then
    # shellcheck disable=SC2088
    case $script in
      '~/'*) script=$HOME/${script#'~/'} ;;
      /*) ;;
      *) script=${folder:-$HOME}/$script ;;
    esac
    problem=$({ cp "$script" "$run/script" && chmod 700 "$run/script"; } 2>&1) || refuse no-script "$problem"
    {
      echo '#!/bin/sh'
      directives "$run/script"
      cat "$run/batch.sh"
    } >"$run/batch.new" && mv "$run/batch.new" "$run/batch.sh"
  fi
fi
# Whoever makes this sends the first request. After one whose answer is not known, look before sending another.
mkdir "$run/sbatch" 2>/dev/null || search
if [ -d "$run/claim" ]; then
  say claimed
  finish
fi

IFS=$newline
set -f
set -- $(decode "$options")
unset IFS
set +f
log=$(printf '%s' "$run/log" | sed 's/%/%%/g')
listing=$(cd && limited 40 sbatch --parsable "--job-name=$name" "--output=$log" --open-mode=append "$@" \
  "$run/batch.sh" "$run" "$bin/$supervisor_name" "$umask" 2>"$run/sbatch/said" </dev/null)
status=$?
job=$(printf '%s\n' "$listing" | sed -n 's/^\([0-9][0-9]*\)\(;.*\)\{0,1\}$/\1/p' | tail -n 1)
[ -z "$job" ] || submitted "$job"
listing=$(tail -c 1000 "$run/sbatch/said" 2>/dev/null)
if [ $status -eq 0 ] || [ $status -ge 124 ] && [ $status -ne 255 ]; then unsure; fi
case $listing in
  # Not even a connection.
  *'connect failure'*) refuse refused "$listing" ;;
  # It was sent, and may be taken up all the same.
  '' | *[Tt]'imed out'* | *'Zero Bytes'* | *'onnection'* | *'essage'* | *rotocol* | *'standby'* | *'ransport'*) unsure ;;
  *) refuse refused "$listing" ;;
esac
