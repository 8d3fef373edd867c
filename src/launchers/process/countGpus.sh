# shellcheck shell=sh disable=SC2034,SC2086,SC2154,SC2317,SC2329
# Tells how many GPUs could be claimed now, and claims none. Stdin: nonce.
# Answers: gpus ok|missing|failed FREE TOTAL, with a text in hex.
# Asked in the background (slow.sh): of a driver that hangs for good, one process of ours hangs, not one for each count.

# gather_count: what survey_gpus tells.
gather_count() {
  survey_gpus
  # One word for each.
  set -- $gpu_free
  now
  printf '%s\n' "$boot $uptime" "$gpu_state $# $gpu_total" "$gpu_text"
}

# read_count SECOND: what was gathered, but nothing of before this second: then it fails.
read_count() {
  slow_file count
  {
    read -r of_boot of_uptime && [ "$of_boot" = "$boot" ] && [ "${of_uptime%%.*}" -ge "$1" ] &&
      read -r gpu_state gpu_free gpu_total && gpu_text=$(head -c 2000)
  } <"$file"
}

# count_gpus: $gpu_state, $gpu_total and $gpu_text, and how many are free in $gpu_free.
count_gpus() {
  asked=${uptime%%.*}
  if ! is_late gpus 30; then
    gather count 0
    if await count 30; then
      read_count "$asked" 2>/dev/null && return
      # Where nothing can be written, nothing was gathered.
      survey_gpus
      set -- $gpu_free
      gpu_free=$#
      return
    fi
  fi
  gpu_state=failed
  gpu_free=0
  gpu_total=0
  gpu_text='it does not answer'
}

receive
count_gpus
say gpus "$gpu_state" "$gpu_free" "$gpu_total"
printf '%s' "$gpu_text" | od -An -v -tx1 -N 2000
finish
