# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Tells how many GPUs could be claimed now, and claims none. Stdin: nonce.
# Answers: gpus ok|missing|failed FREE TOTAL, with a text in hex.

receive
survey_gpus
# shellcheck disable=SC2086 # one word for each
set -- $gpu_free
say gpus "$gpu_state" $# "$gpu_total"
printf '%s' "$gpu_text" | od -An -v -tx1 -N 2000
finish
