# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Lists the run directories that the caller does not know, the newest first. Stdin: nonce, the ids that it knows, a
# line each, "complete". Answers: run ID EXIT_CODE CLAIMED LAUNCHER, with op.json in hex; more COUNT.

most_runs=300
# With a command that is longer, its record cannot be read.
most_bytes=32768

receive
newline='
'
known=$(cat)
[ "${known##*"$newline"}" = complete ] || exit 1
if [ ! -d "$runs" ]; then
  finish
fi
# Names that are none of our ids are none of our runs.
names=$(cd "$runs" && ls -t) || exit 1
names=$(printf '%s\n.\n%s\n' "${known%complete}" "$names" | awk -v most="$most_runs" '
  !listing && $0 == "." { listing = 1; next }
  !listing { known[$0]; next }
  $0 in known || length($0) > 64 || !/^[A-Za-z0-9][A-Za-z0-9-]*$/ { next }
  ++count <= most { print }
  END { if (count > most) print "more " count - most }')
IFS=$newline
set -f
for id in $names; do
  unset IFS
  case $id in
    'more '*)
      say "$id"
      continue
      ;;
  esac
  dir=$runs/$id
  [ -d "$dir" ] || continue
  claim=no
  [ -d "$dir/claim" ] && claim=yes
  launcher=-
  if [ -f "$dir/claim/job" ] || [ -d "$dir/sbatch" ]; then launcher='slurm'; fi
  if [ -d "$dir/pueue" ]; then launcher='pueue'; fi
  if [ -f "$dir/adopted" ]; then
    few_bytes "$dir/adopted"
    launcher=adopted:${line%%[!a-z]*}
  fi
  exit_of "$dir"
  say run "$id" "$code" "$claim" "$launcher"
  [ -f "$dir/op.json" ] && head -c "$most_bytes" "$dir/op.json" | od -An -v -tx1
done
finish
