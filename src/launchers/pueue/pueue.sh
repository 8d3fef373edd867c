# shellcheck shell=sh disable=SC2034,SC2086,SC2154,SC2317,SC2329
# How pueue is asked. Each of its commands has a time limit: a daemon that hangs takes connections and is silent.

newline='
'
# Where the daemon's socket is, for sessions that were not told.
if [ -z "$XDG_RUNTIME_DIR" ] && [ -d "/run/user/$(id -u)" ]; then
  XDG_RUNTIME_DIR=/run/user/$(id -u)
  export XDG_RUNTIME_DIR
fi

# find_pueue: its client; sessions without a terminal often have a short PATH.
find_pueue() {
  for client in pueue "$HOME/.cargo/bin/pueue" "$HOME/.local/bin/pueue" /usr/local/bin/pueue /opt/homebrew/bin/pueue; do
    if command -v "$client" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

# call WORD...: runs it. It may be configured to ask before it acts. What it adds gets the environment of here: that is left
# as it is.
call() {
  if command -v timeout >/dev/null 2>&1; then
    echo y | timeout 20 "$client" --color never "$@"
  else
    echo y | "$client" --color never "$@"
  fi
}

# tasks_of "ID..." | all: reads "pueue status --json" and keeps what we understand, so that the environment of tasks,
# with whatever is secret in it, never leaves the host. Between quotes is a string, between strings is structure.
# Lines: "task NUMBER STATE {...}", "group {...}"; "strange" for a task without what every task has; at the end
# "whole" if it was all there.
tasks_of() {
  { printf '%s"' "$1" && cat; } | LC_ALL=C awk '
    BEGIN {
      RS = "\""
      split("id status group label dependencies start end parallel_tasks", names, " ")
      for (at in names) wanted[names[at]] = 1
    }
    function put(text) { if (keeping) value = value text }
    function flush() {
      if (has) put("\"" text "\"")
      has = 0
    }
    function member_ends() {
      if (keeping) {
        members = members ",\"" key "\":" value
        own[key] = value
      }
      keeping = 0
      value = ""
    }
    function object_begins() {
      members = ""
      split("", own)
    }
    function object_ends(label, state) {
      if (area == "groups") {
        print "group {\"name\":\"" name "\"" members "}"
      } else if (area == "tasks") {
        if (!("label" in own) || own["id"] !~ /^[0-9]+$/ || !match(own["status"], /[A-Za-z]+/)) {
          print "strange"
          return
        }
        state = substr(own["status"], RSTART, RLENGTH)
        label = own["label"]
        gsub(/"/, "", label)
        if (all || (sub(/^remote-ops-/, "", label) && label in asked))
          print "task " own["id"] " " state " {" substr(members, 2) "}"
      }
    }
    NR == 1 {
      all = $0 == "all"
      count = split($0, names, /[ \n]+/)
      for (at = 1; at <= count; at++) asked[names[at]] = 1
      next
    }
    # A quote behind a backslash, which is none itself, does not end the string.
    inside {
      text = text $0
      if (match($0, /\\+$/) && RLENGTH % 2 == 1) {
        text = text "\""
        next
      }
      has = 1
      inside = 0
      next
    }
    {
      inside = 1
      size = length($0)
      for (at = 1; at <= size; at++) {
        c = substr($0, at, 1)
        if (c ~ /[ \t\r\n]/) continue
        if (c == ":" && has && depth <= 3) {
          if (depth == 1) area = text
          if (depth == 2) name = text
          if (depth == 3) {
            key = text
            keeping = key in wanted
          }
          has = 0
          continue
        }
        flush()
        if (c == "{" || c == "[") {
          if (++depth == 3 && area != "") object_begins()
          if (depth > 3) put(c)
        } else if (c == "}" || c == "]") {
          if (depth > 3) put(c)
          if (depth == 3) {
            member_ends()
            object_ends()
          }
          if (depth == 2 && area == "tasks") tasks_seen = 1
          if (--depth == 0) complete++
        } else if (c == "," && depth == 3) {
          member_ends()
        } else if (c == "," && depth == 1) {
          area = ""
        } else {
          put(c)
        }
      }
      text = ""
    }
    END { if (complete == 1 && depth == 0 && tasks_seen) print "whole" }'
}

# ask_status "ID..." | all: the lines of tasks_of in $listing; false, with what pueue says instead in $said, if it
# did not answer with all of it.
ask_status() {
  if ! find_pueue; then
    said='pueue is not installed'
    return 1
  fi
  # A backtrace takes the client longer than all else.
  listing=$(
    unset RUST_BACKTRACE RUST_LIB_BACKTRACE
    call status --json 2>/dev/null | tasks_of "$1"
  )
  case $newline$listing$newline in
    *"${newline}whole$newline"*) return 0 ;;
  esac
  said=$(
    unset RUST_BACKTRACE RUST_LIB_BACKTRACE
    call status 2>&1 >/dev/null | told
  )
  return 1
}

# told: what pueue complains, without decoration, and without where in its source that is.
told() {
  sed -e "s/$(printf '\033')\[[0-9;]*m//g" -e '/^Location:/,$d' -e '/^Stack backtrace:/,$d' -e '/BACKTRACE/,$d' | head -c 1000
}

# why TEXT: a word for it.
why() {
  case $1 in
    'pueue is not installed') echo no-pueue ;;
    *'Did you start'*) echo no-daemon ;;
    *) echo no-answer ;;
  esac
}

# words TEXT: for people.
words() {
  printf '%s' "$1" | od -An -v -tx1 -N 2000
}

# tell LINES: as lines of the answer.
tell() {
  [ -n "$1" ] || return 0
  printf '%s\n' "$1"
  lines=$((lines + $(printf '%s\n' "$1" | wc -l)))
}

# quoted TEXT: as one word of the shell that pueue runs commands with.
quoted() {
  printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}
