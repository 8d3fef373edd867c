# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# What a machine does just now, without its operations: two readings a second apart, or one ("once"), with what its
# GPUs tell within two seconds: who asks is about to start something, or to draw it. Stdin: nonce, "once" or "twice".

newline='
'

# is_awaited NAME: it is gathered now, and was begun just before. What takes longer may never come.
is_awaited() {
  if is_gathered "$1"; then return 1; fi
  now
  [ $((${uptime%%.*} - begun)) -le 2 ]
}

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
while { is_awaited gpus || is_awaited disk; } && [ $waited -lt 8 ]; do
  if sleep 0.25 2>/dev/null; then
    waited=$((waited + 1))
  else
    sleep 1
    waited=$((waited + 4))
  fi
done
sample
finish
