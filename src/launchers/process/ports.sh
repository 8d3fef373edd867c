# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Tells who listens on ports. Stdin: nonce, then the ports in one line; none: all of them.
# Answers: me UID, and what tell_listeners says (listeners.sh); unseen: this host does not show who listens.

receive
IFS= read -r ports || exit 1
case $ports in *[!0-9\ ]*) exit 1 ;; esac
say me "$(id -u)"
# shellcheck disable=SC2086 # numbers
tell_listeners $ports || say unseen
finish
