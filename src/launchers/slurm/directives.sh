# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# The directives of a batch script, as sbatch reads them. Stdin: nonce, then its path, encoded.
# Answers: directives, with the lines in hex | unreadable, with what the system said.

receive
read -r script || exit 1
script=$(decode "$script")
# shellcheck disable=SC2088
case $script in
  '~/'*) script=$HOME/${script#'~/'} ;;
  /*) ;;
  *) script=$HOME/$script ;;
esac
if [ ! -f "$script" ]; then
  say unreadable
  words "$script is no file"
  finish
fi
if ! found=$(head -c 65536 "$script" 2>&1); then
  say unreadable
  words "$found"
  finish
fi
say directives
printf '%s\n' "$found" | directives | od -An -v -tx1 -N 20000
finish
