# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329

# ask_smi FIELDS: for who must go on whatever the driver does. No signal ends what hangs in it, and who reads from that
# hangs as well: it writes to a file here, and is left behind after 12 s.
ask_smi() {
  set -- nvidia-smi "$1" --format=csv,noheader,nounits
  if timeout 10 true 2>/dev/null; then set -- timeout 10 "$@"; fi
  LC_ALL=C "$@" >"smi.$$" 2>&1 </dev/null &
  asked=$!
  for nap in 0.02 0.1 0.1 0.2 0.2 0.2 0.2 0.5 0.5 0.5 0.5 0.5 0.5 1 1 1 1 1 1 1 1; do
    proc_stat $asked
    if ! is_alive; then
      wait $asked
      set -- $?
      cat "smi.$$"
      rm -f "smi.$$"
      return "$1"
    fi
    sleep $nap 2>/dev/null || sleep 1
  done
  rm -f "smi.$$"
  return 124
}
