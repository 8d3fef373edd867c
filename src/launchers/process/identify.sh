# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Tells which machine this is, and makes the folder of all runs: where it is missing later, the home
# directory is another one. Stdin: nonce.

receive
mkdir -p "$runs" 2>/dev/null
finish
