# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# What the scripts that ask a scheduler share.

newline='
'

# limited SECONDS COMMAND...: a client that waits for its scheduler does not fail by itself.
limited() {
  if command -v timeout >/dev/null 2>&1; then
    timeout "$@"
  else
    shift
    "$@"
  fi
}

# tell LINES: as lines of the answer.
tell() {
  [ -n "$1" ] || return 0
  printf '%s\n' "$1"
  lines=$((lines + $(printf '%s\n' "$1" | wc -l)))
}

# words TEXT: for people, behind a line of the answer.
words() {
  printf '%s' "$1" | od -An -v -tx1 -N 2000
}
