# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329

# ask_smi FIELDS: a driver in trouble may never answer.
ask_smi() {
  set -- nvidia-smi "$1" --format=csv,noheader,nounits
  if timeout 10 true 2>/dev/null; then set -- timeout 10 "$@"; fi
  LC_ALL=C "$@" 2>&1 </dev/null
}
