# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Gives an upload that was verified its final name. Stdin: nonce, then encoded: its temporary path, its final name; lines
# "x FILE" for what can be run and "l TARGET LINK" for symbolic links; "complete".
# Answers: placed, with the final path | exists | gone | refused CODE, with a reason.

receive
read -r staging && read -r final_name || exit 1
umask "$umask"
exact "$staging"
staging=$value
exact "$final_name"
final=${staging%/*}/$value

if [ ! -d "$staging" ]; then
  say gone
  finish
fi
while read -r kind first second && [ "$kind" != complete ]; do
  exact "$first"
  if [ "$kind" = x ]; then
    problem=$(chmod +x "$staging/$value" 2>&1) || refuse cannot-write "$problem"
  else
    target=$value
    exact "$second"
    rm -f "$staging/$value"
    problem=$(ln -s -- "$target" "$staging/$value" 2>&1) || refuse cannot-write "$problem"
  fi
done
[ "$kind" = complete ] || exit 1
if [ -e "$final" ] || [ -L "$final" ]; then
  say exists
  finish
fi
problem=$(mv "$staging" "$final" 2>&1) || refuse cannot-write "$problem"
# Somebody made a folder of that name just now: it went into it.
if [ -d "$final/${staging##*/}" ]; then
  mv "$final/${staging##*/}" "$staging"
  say exists
  finish
fi
say placed
tell "$final"
finish
