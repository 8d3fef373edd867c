# shellcheck shell=sh disable=SC2034,SC2016,SC2086,SC2154,SC2317,SC2329
# Looks at operations, again and again, until its standard input ends. A request, which is not sent before
# the last one is answered, is a line
#   NONCE [COUNT [PART [SAMPLE]]]  and COUNT lines ID PID TICKS BOOT PORT DETAIL QUIET ("-" when unknown or not asked
#                            for; without COUNT up to the end of the input): sets what a part of the operations
#                            consists of. DETAIL is "detail" for progress.json, "log" for the log where that is
#                            of no use. QUIET is after how many seconds without a change of either it is told.
#   NONCE again BASE [PART [SAMPLE]]  asks about the same operations, when the answer BASE was understood
# SAMPLE is "sample" where the answer shall also tell what the machine does and what those operations use of which
# details are asked (sample.sh).
# The answer is one block, which begins with "full COUNT" or "delta COUNT BASE"; a delta has only what
# changed since. A line each, MEMBERS being a count, "unproven", or "-" when it was not looked up:
#   op ID DIRECTORY EXIT CLAIM MACHINE BOOT PID TICKS STATE NOW_TICKS MEMBERS KILLED ENDED
# DIRECTORY is "yes", "shared" where other machines may write it too, "no", or "gone" with all the others;
# then come, when needed, "progress" with its data: "=ID" or "~ID", and the lines of progress.json or of the log
# with a blank before each; "ports HEX..."; and "quiet ID UPTIME ...": since when nothing was written.

# The read of bash would end by itself.
unset TMOUT

newline='
'
# Now and then everything is told, whatever was told before.
most_deltas=29

# tell: answers $text about operation $index, unless it is what was told before.
tell() {
  if [ "$kind" = delta ]; then
    eval "told=\$told_${part}_$index"
    if [ "$text" = "$told" ]; then return; fi
  fi
  eval "told_${part}_$index=\$text"
  say "$text"
}

# plain WORD: fit to be part of a variable's name.
plain() {
  case $1 in
    '' | *[!0-9]*) return 1 ;;
  esac
}

# requested COUNT: the request lines that follow, numbered, and how many they are and what they want. Every
# one of their words is plain, so that none means anything to the shell.
requested() {
  if [ -n "$1" ]; then head -n "$1"; else cat; fi | LC_ALL=C awk -v count="$1" '
    NF != 7 || /[^A-Za-z0-9 ._:@+-]/ || /^\./ { wrong = 1 }
    $5 != "-" { ports = "ports" }
    $6 != "-" { details = "details" }
    $7 != "-" { quiets = "quiets" }
    { print NR, $1, $2, $3, $4, $5, $6, $7 }
    END {
      print NR, ports "," details "," quiets
      exit wrong || (count != "" && NR != count)
    }'
}

look_at_all() {
  absent=
  leaders=
  ended=
  found=$(scan)
  case $newline$found in
    *"$newline. $size") ;;
    *) found= ;;
  esac
  if [ -z "$found" ]; then found=$(printf %s "$table" | sed 's/^/- /'); fi
  set -f
  IFS=$newline
  for each in $found; do
    unset IFS
    case $each in
      '+ '*)
        each=${each#+ }
        index=${each%% *}
        text=${each#* }
        tell
        ;;
      '- '*) look_at ${each#- } ;;
    esac
  done
  unset IFS
  set +f
  look_again
}

tell_ports() {
  index=0
  text="ports $(awk '$4 == "0A" { sub(/.*:/, "", $2); printf "%s ", $2 }' "$proc/net/tcp" "$proc/net/tcp6" 2>/dev/null)"
  tell
}

answer() {
  begin
  eval "base=\$base_$part deltas=\$deltas_$part table=\$table_$part size=\$size_$part wants=\$wants_$part"
  ports=${wants%%,*} quiets=${wants##*,}
  details=${wants%,*} details=${details#*,}
  if [ -n "$base" ] && [ "$understood" = "$base" ] && [ "$deltas" -lt $most_deltas ]; then
    kind='delta'
    deltas=$((deltas + 1))
    say delta "$size" "$base"
  else
    kind=full
    deltas=0
    say full "${size:-0}"
  fi
  if [ -n "$table" ]; then
    look_at_all
    tell_progress
    if [ -n "$ports" ]; then tell_ports; fi
    tell_quiet
  fi
  if [ "$sample" = sample ]; then
    leaders_of
    sample
  fi
  eval "base_$part=\$nonce deltas_$part=\$deltas"
  end
}

while read -r nonce what argument part sample; do
  understood=
  if [ "$what" = again ]; then
    understood=$argument
    part=${part:-0}
    plain "$part" || exit 1
  else
    sample=$part
    part=${argument:-0}
    plain "$part" && plain "${what:-0}" || exit 1
    table=$(requested "$what") || exit 1
    wants=${table##*"$newline"}
    size=${wants%% *}
    table=${table%"$wants"}
    eval "table_$part=\$table size_$part=\$size wants_$part=\${wants#* } base_$part= checked_$part="
  fi
  answer
done
exit 0
