# shellcheck shell=sh disable=SC2034,SC2086,SC2154,SC2317,SC2329
# The careful look at one operation: whatever is not plainly alive goes through here.

# few_bytes FILE: in $line, the first line of a file that ought to be short, whatever it has become. By one
# process: thousands may have ended since the last look.
few_bytes() {
  line=$(head -c 32 "$1" 2>/dev/null)
  line=${line%%"$newline"*}
}

# exit_of DIRECTORY: $code is a number, "-" when there is no file, "bad" when it holds no number.
exit_of() {
  code=-
  [ -f "$1/exit_code" ] || return 0
  few_bytes "$1/exit_code"
  case $line in
    '' | *[!0-9]* | ????*) code=bad ;;
    *) code=$line ;;
  esac
  if [ "$code" != bad ] && [ "$code" -gt 255 ]; then code=bad; fi
}

# whose_files: $readable is "shared" where other machines may write the run directories too, else "yes".
whose_files() {
  : "${readable:=$(if only_here "$runs"; then echo yes; else echo shared; fi)}"
}

# look: everything about one operation but its group.
look() {
  dir=$runs/$id
  present=no
  [ -d "$runs" ] || present=gone
  claim=no
  i_machine=- i_boot=- i_pid=$pid i_ticks=$known_ticks
  state=- ticks=-
  if [ -d "$dir" ] && [ -x "$dir" ]; then
    whose_files
    present=$readable
  fi
  [ -d "$dir/claim" ] && claim=yes
  exit_of "$dir"
  first_line "$dir/ident"
  if [ -n "$line" ]; then
    read -r i_machine i_boot i_pid i_ticks <<EOF
$line
EOF
    # An identity without a machine is none of ours, which is not to say that there is none.
    case $i_machine in '' | -) i_machine='?' ;; esac
  else
    i_boot=$known_boot
  fi
  if elsewhere "$dir"; then i_machine=$i_machine@$line; fi
  case $i_pid in
    '' | *[!0-9]*) ;;
    *) proc_stat "$i_pid" ;;
  esac
}

# describe MEMBERS: $text is the line of the operation looked at. A living process changes its state all the
# time: only whether it is stopped matters.
describe() {
  killed=-
  if [ -e "$dir/claim/signalled" ]; then killed=signalled; fi
  if [ -e "$dir/claim/killed" ]; then killed=killed; fi
  line=
  if [ -f "$dir/claim/ended" ]; then few_bytes "$dir/claim/ended"; fi
  case $line in *[!0-9.]*) line= ;; esac
  case $state in
    '' | '?' | - | Z | X | x) ;;
    T | t) state=T ;;
    *) state=S ;;
  esac
  text="op $id $present $code $claim $i_machine $i_boot $i_pid $i_ticks ${state:--} ${ticks:--} $1 $killed ${line:--}"
}

# runs_plainly: the process that proc_stat saw leads the operation and is not suspended.
runs_plainly() {
  case $state in [Tt]) return 1 ;; esac
  is_alive && [ "$ticks" = "$i_ticks" ]
}

# look_at REQUEST...: describes one operation, unless its leader is gone or suspended: then $absent gets it.
look_at() {
  index=$1 id=$2 pid=$3 known_ticks=$4 known_boot=$5
  look
  if [ "$code" != - ]; then ended="$ended $id"; fi
  case $code in
    - | bad)
      if [ "$i_pid" != - ] && [ "$i_boot" = "$boot" ] && ! runs_plainly; then
        absent="$absent$*$newline"
        leaders="$leaders $i_pid"
        return
      fi
      ;;
  esac
  describe -
  tell
}

# look_again: at those of $absent. Their leaders are gone, or suspended, which is to say something only of a group
# that is so as a whole. A group may live on, and exit_code may have been written meanwhile: the group first, then
# all else.
look_again() {
  [ -n "$absent" ] || return 0
  listing=$(living_groups $leaders)
  IFS=$newline
  for request in $absent; do
    unset IFS
    set -- $request
    index=$1 id=$2 pid=$3 known_ticks=$4 known_boot=$5
    first_line "$runs/$id/ident"
    leader_ticks=${line##* }
    leader_ticks=${leader_ticks:-$known_ticks}
    leader=${line#* * }
    leader=${leader%% *}
    leader=${leader:-$pid}
    awake=0
    whether_adopted "$runs/$id"
    case $leader in
      *[!0-9]*) state= ;;
      *) proc_stat "$leader" ;;
    esac
    if [ "$ticks" = "$leader_ticks" ] && is_alive; then
      if [ -n "$adopted" ]; then
        group_in "$(group_alone "$listing" "$leader")" "$leader" "$id"
      else
        group_in "$listing" "$leader" "$id"
      fi
      # Where the others could not be seen, its leader tells alone.
      if [ -z "$groups" ]; then awake=0; fi
      members=-
    elif is_alive; then
      # Its pid belongs to another process now, so no group is named after it. By ps that is not certain:
      # the start times that some systems show move when the clock is set.
      members=0
      if [ "$eyes" = ps ]; then members=unproven; fi
    elif [ -n "$adopted" ]; then
      # It is its process: the group that it was in may be that of a shell.
      members=0
    else
      group_in "$listing" "$leader" "$id"
      if [ "$members" -gt 0 ] && [ -z "$proven" ]; then members=unproven; fi
    fi
    look
    if [ "$code" != - ]; then ended="$ended $id"; fi
    if [ "$awake" -gt 0 ]; then case $state in [Tt]) state=S ;; esac fi
    describe "$members"
    tell
  done
  unset IFS
}
