# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Tells whether operations can be handed to the user's own service manager. Stdin: nonce.
# Answers: systemd yes | systemd no, and why.

receive
find_manager
if [ -z "$lack" ]; then say systemd yes; else say systemd no "$lack"; fi
finish
