# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Tells who listens on ports. Stdin: nonce, then the ports in one line; none: all of them.
# Answers: me UID, what tell_listeners says (listeners.sh), and taken PORT..., all that anybody listens on; or unseen:
# this host does not show who listens.

receive
IFS= read -r ports || exit 1
case $ports in *[!0-9\ ]*) exit 1 ;; esac
say me "$(id -u)"
# shellcheck disable=SC2086 # numbers
if tell_listeners $ports; then
  # shellcheck disable=SC2046 # numbers
  say taken $(printf '%s\n' "$open" | awk 'NF == 4 && !seen[$2]++ { print $2 }' | sort -n | head -n 5000)
else
  say unseen
fi
finish
