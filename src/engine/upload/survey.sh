# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Tells size and SHA-256 of files. Stdin: nonce, then encoded: their folder; files within, one a line; "complete".
# Answers one line for each: SIZE HASH | - where there is no such file. Or: refused no-hash | refused cannot-read, with
# a reason.

receive
read -r base || exit 1
exact "$base"
base=$value

if command -v sha256sum >/dev/null 2>&1; then
  digest() { sha256sum; }
elif command -v shasum >/dev/null 2>&1; then
  digest() { shasum -a 256; }
elif command -v openssl >/dev/null 2>&1; then
  digest() { openssl dgst -sha256 -r; }
else
  refuse no-hash ''
fi

while read -r file && [ "$file" != complete ]; do
  exact "$file"
  path=$base/$value
  if [ ! -f "$path" ] || [ -L "$path" ]; then
    say -
  else
    size=$(wc -c <"$path") || refuse cannot-read "$path"
    sum=$(digest <"$path") || refuse cannot-read "$path"
    say "$((size))" "${sum%% *}"
  fi
done
[ "$file" = complete ] || exit 1
finish
