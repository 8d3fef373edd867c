# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Takes away what was uploaded for an operation that is not started any more. Stdin: nonce, its id, "complete".
# Answers: gone.

receive
read -r id && read -r complete || exit 1
[ "$complete" = complete ] || exit 1
case $id in
  '' | *[!A-Za-z0-9-]*) exit 1 ;;
esac
uploads=$root/uploads
rm -rf "${uploads:?}/$id" "$uploads"/.remote-ops-*-"$id"
say gone
finish
