# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# What the scripts of an upload share.

# exact ENCODED: decodes it into $value, newlines at its end included.
exact() {
  value=$(
    decode "$1"
    printf .
  )
  value=${value%.}
}

# tell TEXT: the data of the line that was said last.
tell() {
  printf '%s' "$1" | od -An -v -tx1
}

# refuse CODE TEXT
refuse() {
  say refused "$1"
  printf '%s' "$2" | od -An -v -tx1 -N 2000
  finish
}
