# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# What a machine does just now, without its operations: two readings a second apart, or one ("once"), with what its
# GPUs tell within ten seconds. Stdin: nonce, "once" or "twice".

newline='
'
receive
read -r times || exit 1
leaders=
sockets_file=
if [ "$times" = twice ]; then
  sample
  sleep 1
else
  gather disk 60
  if command -v nvidia-smi >/dev/null 2>&1; then gather gpus 4; fi
fi
waited=0
until { is_gathered gpus && is_gathered disk; } || [ $waited -ge 40 ]; do
  sleep 0.25 2>/dev/null || sleep 1
  waited=$((waited + 1))
done
sample
finish
