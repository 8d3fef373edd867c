# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Why writing fails in a folder, in the system's words: SFTP has one word for all. Stdin: nonce, the folder encoded.
# Answers: writable | refused cannot-write, with a reason.

receive
read -r base || exit 1
exact "$base"
problem=$(dd if=/dev/zero of="$value/.room" bs=65536 count=1 2>&1) || {
  rm -f "$value/.room"
  refuse cannot-write "$(printf '%s' "$problem" | sed -n '1s/.*: //p')"
}
rm -f "$value/.room"
say writable
finish
