# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# Which GPUs may be taken, and the locks on them.
#
# A lock is a symbolic link that leads nowhere: its text names its holder. It is made in one step, and read
# without opening anything. The folder is root's and everybody's, with the sticky bit: nobody can take
# another user's link away or put another in its place. So whoever comes after one whose holder is gone makes
# one with a higher number, and a GPU is held as long as the holder of any of its links may live: links that
# are made up can keep a GPU from being used, and never free one.

# lock_folder: $locks is how the names of all locks begin. All users come to the same one.
lock_folder() {
  for folder in /run/lock /tmp; do
    # shellcheck disable=SC2012 # one known name
    case $(ls -ldn "$folder/." 2>/dev/null | awk '{ print substr($1, 1, 10), $3 }') in
      'drwxrwxrwt 0')
        locks=$folder/remote-ops-gpu
        return
        ;;
    esac
  done
  return 1
}

# pid_space: $space names the space in which our pids have a meaning: not that of another container.
pid_space() {
  space=$(readlink "$proc/self/ns/pid" 2>/dev/null)
  space=${space##*\[}
  space=${space%]}
  space=${space:--}
}

# holder_gone TEXT: the holder that the text of a lock names is provably gone: of another boot, or its leader
# and its whole process group are dead. What cannot be understood, or cannot be seen, is not gone.
holder_gone() {
  IFS=: read -r tag of_boot of_space of_pid of_ticks _ <<EOF
$1
EOF
  case $tag:$boot:$of_boot:$of_pid:$of_ticks in
    remote-ops:-:*) return 1 ;;
    remote-ops:*:?*:[1-9]*:[1-9]*) ;;
    *) return 1 ;;
  esac
  case $of_pid$of_ticks in *[!0-9]*) return 1 ;; esac
  [ "$of_boot" = "$boot" ] || return 0
  # Processes of others may be hidden.
  [ "$of_space" = "$space" ] && [ "$eyes" = proc ] && [ -r "$proc/1/stat" ] || return 1
  proc_stat "$of_pid"
  if [ -n "$state" ] && [ "$ticks" != "$of_ticks" ]; then
    # A pid is not given out again while a group is named after it.
    return 0
  fi
  ! is_alive && [ "$(living_groups "$of_pid")" = . ]
}

# lock_state UUID: $held is the text of a lock whose holder may live, $top the highest number in use, $stale
# the locks of those gone. $own, a lock of ours, does not count.
lock_state() {
  held=
  top=0
  stale=
  for link in "$locks-$1".[1-9]*; do
    number=${link##*.}
    case $number in *[!0-9]* | ??????????*) continue ;; esac
    if [ ! -L "$link" ]; then
      if [ -e "$link" ]; then held=$link; fi
      continue
    fi
    if [ "$number" -gt "$top" ]; then top=$number; fi
    if [ "$link" = "$own" ]; then continue; fi
    text=$(readlink "$link" 2>/dev/null)
    if [ -z "$text" ] && [ ! -L "$link" ]; then continue; fi
    if holder_gone "$text"; then
      stale="$stale $link"
    else
      held=${text:-$link}
    fi
  done
  # There is no number left for ours.
  if [ "$top" -ge 999999999 ]; then held=${held:-$locks-$1.$top}; fi
}

# claim_gpu UUID: takes its lock, in the name of $holder. Of several at once at most one gets it: each makes
# its lock first and then looks for those of others.
claim_gpu() {
  for attempt in 1 2 3; do
    own=
    lock_state "$1"
    if [ -n "$held" ]; then return 1; fi
    own=$locks-$1.$((top + 1))
    if ln -s "$holder" "$own" 2>/dev/null && [ "$(readlink "$own" 2>/dev/null)" = "$holder" ]; then
      lock_state "$1"
      if [ -z "$held" ]; then
        # Only who holds the GPU tidies: the number that another is about to take stays taken. Links of
        # other users stay.
        # shellcheck disable=SC2086 # names without blanks
        if [ -n "$stale" ]; then rm -f $stale 2>/dev/null; fi
        return 0
      fi
      rm -f "$own"
    fi
    sleep "0.$(($$ % 9))$attempt" 2>/dev/null || sleep 1
  done
  return 1
}

# is_offered INDEX UUID: the user, or who runs the host, has not taken it from us by CUDA_VISIBLE_DEVICES.
is_offered() {
  [ -n "${CUDA_VISIBLE_DEVICES+set}" ] || return 0
  offered=$CUDA_VISIBLE_DEVICES,
  while [ -n "$offered" ]; do
    one=${offered%%,*}
    offered=${offered#*,}
    one=${one#"${one%%[! ]*}"}
    one=${one%"${one##*[! ]}"}
    case $one in
      # What follows does not count, as in CUDA.
      '' | -*) return 1 ;;
      GPU-?*) case $2 in "$one"*) return 0 ;; esac ;;
      "$1") return 0 ;;
    esac
  done
  return 1
}

# gpu_use INDEX UUID USED TOTAL: $use is why it is not free, in words; empty when it is.
gpu_use() {
  use=
  own=
  lock_state "$2"
  if [ -n "$held" ]; then
    case $held in
      remote-ops:*) use="GPU $1 is held by operation ${held##*:}" ;;
      *) use="GPU $1 has a lock that is not understood: $held" ;;
    esac
    return
  fi
  while IFS=', ' read -r at pid _; do
    if [ "$at" = "$2" ]; then use="GPU $1 is used by process $pid"; fi
  done <<EOF
$apps
EOF
  if [ -n "$use" ]; then return; fi
  # Of processes in other containers only the memory is to be seen; where not even that is, it does not count.
  case $3:$4 in
    *[!0-9:]* | :* | *:) ;;
    *) if [ "$3" -gt $(($4 / 10)) ]; then use="GPU $1 has $3 of $4 MiB of its memory in use"; fi ;;
  esac
}

# survey_gpus: $gpu_state is ok, missing (no nvidia-smi) or failed; $gpu_total how many there are for us,
# $gpu_free an INDEX:UUID for each that is free, $gpu_text why the others are not, or what failed.
survey_gpus() {
  gpu_state=missing
  gpu_total=0
  gpu_free=
  gpu_text=
  command -v nvidia-smi >/dev/null 2>&1 || return 0
  gpu_state=failed
  fields=index,uuid,memory.used,memory.total
  # Old drivers do not know of MIG.
  failed=0
  listed=$(ask_smi "--query-gpu=$fields,mig.mode.current") || failed=$?
  case $failed in
    0 | 124 | 143) ;;
    *)
      failed=0
      listed=$(ask_smi "--query-gpu=$fields") || failed=$?
      ;;
  esac
  gpu_text=$listed
  if [ $failed -eq 0 ]; then
    apps=$(ask_smi --query-compute-apps=gpu_uuid,pid) || failed=$?
    gpu_text=$apps
  fi
  # busybox's timeout ends with 143.
  case $failed in
    0) gpu_text= ;;
    124 | 143) gpu_text='nvidia-smi does not answer' ;;
    *) gpu_text=${gpu_text:-nvidia-smi fails and does not say why} ;;
  esac
  if [ $failed -ne 0 ]; then return 0; fi
  if ! lock_folder; then
    gpu_text='neither /run/lock nor /tmp is a folder of root that is everybody'\''s and sticky'
    return 0
  fi
  gpu_state=ok
  pid_space
  while IFS=, read -r index uuid used total mig _; do
    use=
    uuid=${uuid# }
    case $index,$uuid in
      ,) continue ;;
      [0-9]*,GPU-?*) plain=${index}${uuid} ;;
      *) plain=' ' ;;
    esac
    case $plain in
      *[!A-Za-z0-9-]*) use="nvidia-smi says: $index $uuid" ;;
      *)
        if ! is_offered "$index" "$uuid"; then
          use="GPU $index is not among CUDA_VISIBLE_DEVICES ($CUDA_VISIBLE_DEVICES)"
        elif [ "${mig# }" = Enabled ]; then
          use="GPU $index is divided by MIG"
        else
          gpu_total=$((gpu_total + 1))
          gpu_use "$index" "$uuid" "${used# }" "${total# }"
          if [ -z "$use" ]; then gpu_free="$gpu_free $index:$uuid"; fi
        fi
        ;;
    esac
    if [ -n "$use" ]; then gpu_text="$gpu_text${gpu_text:+, }$use"; fi
  done <<EOF
$listed
EOF
}

# take_gpus COUNT: claims so many in the name of $holder, or none: $indices and $uuids.
take_gpus() {
  survey_gpus
  indices=
  uuids=
  taken=
  wanted=$1
  for gpu in $gpu_free; do
    [ "$wanted" -gt 0 ] || break
    if claim_gpu "${gpu#*:}"; then
      wanted=$((wanted - 1))
      indices="$indices ${gpu%%:*}"
      uuids="$uuids${uuids:+,}${gpu#*:}"
      taken="$taken $own"
    fi
  done
  if [ "$wanted" -gt 0 ]; then
    # shellcheck disable=SC2086 # names without blanks
    if [ -n "$taken" ]; then rm -f $taken; fi
    return 1
  fi
  indices=${indices# }
}
