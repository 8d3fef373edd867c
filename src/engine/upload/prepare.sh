# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Makes the folders of an upload under its temporary name. Stdin: nonce, then encoded: the folder for it, its
# temporary name, its token, its final name; folders within, one a line; "complete".
# Answers: ready, with the temporary path | exists COUNT, with the final path: what lies there already, and how many
# entries it has, -1 where it is not a folder | refused CODE, with a reason.

receive
read -r parent && read -r staging_name && read -r token && read -r final_name || exit 1
umask "$umask"
exact "$parent"
parent=$value
# shellcheck disable=SC2088 # the user typed it, no shell has seen it
case $parent in
  '~') parent=$HOME ;;
  /*) ;;
  *) parent=$HOME/${parent#'~/'} ;;
esac
exact "$final_name"
final=${parent%/}/$value
staging=${parent%/}/$(decode "$staging_name")
token=$(decode "$token")

if [ -e "$final" ] || [ -L "$final" ]; then
  count=-1
  if [ -d "$final" ] && [ ! -L "$final" ]; then
    # A name may hold newlines: one character for each entry.
    count=$(cd "$final" && find . ! -name . -exec sh -c 'for entry do printf x; done' sh {} + | wc -c)
    count=$((count))
  fi
  say exists "$count"
  tell "$final"
  finish
fi
problem=$(mkdir -p "$parent" 2>&1) || refuse cannot-write "$problem"
# Of the same upload, before its files changed.
for old in "${parent%/}"/.remote-ops-*-"$token"; do
  if [ "$old" != "$staging" ] && [ -d "$old" ] && [ ! -L "$old" ]; then
    rm -rf "$old"
  fi
done
problem=$(mkdir -p "$staging" 2>&1) || refuse cannot-write "$problem"
while read -r folder && [ "$folder" != complete ]; do
  exact "$folder"
  if [ ! -d "$staging/$value" ]; then
    problem=$(mkdir -p "$staging/$value" 2>&1) || refuse cannot-write "$problem"
  fi
done
[ "$folder" = complete ] || exit 1
say ready
tell "$staging"
finish
