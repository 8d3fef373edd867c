# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Tells which machine this is, and makes the folder of all runs with an id of its own: where it is missing
# later, or has another id, the home directory is another one, or a disk is not mounted. Stdin: nonce.

IFS= read -r nonce || exit 1
mkdir -p "$runs" 2>/dev/null
if [ ! -s "$runs/.id" ]; then
  # Of several at once the first gives the id; two on machines that share the folder may have one pid. Some
  # file systems have no links.
  {
    printf '%s\n' "$nonce" >"$runs/.id.$nonce" && ln "$runs/.id.$nonce" "$runs/.id" ||
      [ -s "$runs/.id" ] || mv "$runs/.id.$nonce" "$runs/.id"
    rm -f "$runs/.id.$nonce"
  } 2>/dev/null
fi
begin
finish
