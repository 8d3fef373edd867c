# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# What pueue offers. Stdin: nonce. Answers: none | pueue, and then "group {...}".

receive
# A client alone takes no tasks.
if ask_status ''; then
  say pueue
  tell "$(printf '%s\n' "$listing" | grep '^group ' | head -n 200)"
else
  say none
fi
finish
