# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Finds lines of an operation's log. Stdin: nonce, then ID BEFORE COUNT any-case|exact, then the text. It looks at
# COUNT blocks of 1 MiB before the block BEFORE ("-": at the last ones), and one more for the line that goes on
# there. Answers: found SIZE FIRST_BLOCK, and OFFSET_WITHIN:LINE in hex, cut, 201 at most; or none.

receive
read -r id before count case || exit 1
IFS= read -r text || exit 1
log=$runs/$id/log
if [ ! -f "$log" ]; then
  say none
  finish
fi
# shellcheck disable=SC2012,SC2046 # split on purpose; a name without blanks
set -- $(ls -lnL "$log")
size=$5
blocks=$(((size + 1048575) / 1048576))
case $before in
  '' | *[!0-9]*) before=$blocks ;;
esac
[ "$before" -le "$blocks" ] || before=$blocks
first=$((before > 0 ? (before - 1) / count * count : 0))
say found "$size" "$first"

text=$(decode "$text" && printf x)
text=${text%x}
# Bytes are looked for: offsets are in bytes.
LC_ALL=C
export LC_ALL
fold=
if [ "$case" = any-case ]; then fold=-i; fi

# matching: lines with the text, each after its offset. The grep of busybox knows no offsets.
matching() {
  if [ "$(printf 'a\nb\n' | grep -b b 2>/dev/null)" = 2:b ]; then
    # A line without an end must not eat up the memory of the host.
    # shellcheck disable=SC3045 # not in POSIX; where it is missing, so be it
    ulimit -v 2000000 2>/dev/null
    # shellcheck disable=SC2086 # an option or none
    nice grep -b -F -m 201 $fold -e "$text"
  else
    # shellcheck disable=SC2016 # for awk
    text=$text fold=$fold nice awk '
      BEGIN { text = ENVIRON["text"]; fold = ENVIRON["fold"] != "" }
      index(fold ? tolower($0) : $0, text) { printf "%.0f:%s\n", at, $0; if (++found > 200) exit }
      { at += length($0) + 1 }'
  fi
}

# What a carriage return has overwritten is a line of its own here: byte for byte, so that offsets stay.
# shellcheck disable=SC2020 # each becomes a newline
dd if="$log" bs=1048576 skip="$first" count="$((count + 1))" 2>/dev/null |
  tr '\r\000' '\n\n' |
  { matching || [ $? -eq 1 ] || echo failed; } |
  cut -b 1-320 | od -An -v -tx1
finish
