# shellcheck shell=sh disable=SC2034,SC2086,SC2154,SC2317,SC2329
# How pueue is asked. Each of its commands has a time limit: a daemon that hangs takes connections and is silent.

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
  echo y | limited 20 "$client" --color never "$@"
}

# tasks_of "ID..." OTHERS: reads "pueue status --json" and keeps what we understand, so that the environment of tasks,
# with whatever is secret in it, never leaves the host. Between quotes is a string, between strings is structure.
# OTHERS: empty, or "others NUMBER...": also the tasks that were not asked for; of those that have ended these only.
# Lines: "task NUMBER STATE {...}", "other NUMBER STATE {...}", "more COUNT" of others that are not told, "group {...}";
# "strange" for a task without what every task has; at the end "whole" if it was all there.
tasks_of() {
  { printf '%s"%s"' "$1" "$2" && cat; } | LC_ALL=C awk '
    BEGIN {
      RS = "\""
      split("id status group label dependencies start end parallel_tasks", names, " ")
      for (at in names) wanted[names[at]] = told[names[at]] = 1
      shared = split("id status group dependencies start end created_at", of_others, " ")
      most_others = 2000
      most_bytes = 2000
    }
    function put(text) { if (keeping) value = value text }
    function flush() {
      if (has) put("\"" text "\"")
      has = 0
    }
    function member_ends() {
      if (keeping) {
        if (key in told) members = members ",\"" key "\":" value
        own[key] = value
      }
      keeping = 0
      value = ""
    }
    function object_begins() {
      members = ""
      split("", own)
    }
    # The words of a JSON string that fit, up to the first that may be more than a name: commands hold passwords, too.
    function name_of(text, is_command,    words, count, at, name) {
      text = substr(text, 2, length(text) - 2)
      if (is_command) while (sub(/^[A-Za-z_][A-Za-z0-9_]*=[^ "\\\047]* +/, "", text)) continue
      count = split(text, words, / +/)
      for (at = 1; at <= count && length(name) + length(words[at]) < 100; at++) {
        if (is_command && (at > 6 || words[at] ~ /=/ || words[at] ~ /^-/)) break
        name = name (at > 1 ? " " : "") words[at]
      }
      return name
    }
    function other(state,    line, at, name) {
      name = own["label"] ~ /^"./ ? name_of(own["label"]) : ""
      if (name == "") name = name_of(own["original_command"], 1)
      for (at = 1; at <= shared; at++)
        if (of_others[at] in own) line = line "\"" of_others[at] "\":" own[of_others[at]] ","
      line = "other " own["id"] " " state " {" line "\"name\":\"" name "\"}"
      if (++others > most_others || length(line) > most_bytes) more++
      else print line
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
        if (sub(/^remote-ops-/, "", label) && label in asked)
          print "task " own["id"] " " state " {" substr(members, 2) "}"
        else if (finding && (state != "Done" || own["id"] in seen))
          other(state)
      }
    }
    NR == 1 {
      count = split($0, names, /[ \n]+/)
      for (at = 1; at <= count; at++) asked[names[at]] = 1
      next
    }
    NR == 2 {
      finding = sub(/^others */, "")
      count = split($0, names, / +/)
      for (at = 1; at <= count; at++) seen[names[at]] = 1
      if (finding) wanted["created_at"] = wanted["original_command"] = 1
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
    END {
      if (more) print "more " more
      if (complete == 1 && depth == 0 && tasks_seen) print "whole"
    }'
}

# ask_status "ID..." [OTHERS]: the lines of tasks_of in $listing; false, with what pueue says instead in $said, if it
# did not answer with all of it.
ask_status() {
  if ! find_pueue; then
    said='pueue is not installed'
    return 1
  fi
  # A backtrace takes the client longer than all else.
  listing=$(
    unset RUST_BACKTRACE RUST_LIB_BACKTRACE
    call status --json 2>/dev/null | tasks_of "$1" "$2"
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

# setting NAME: what the client's configuration, $config, says of how daemons are reached; empty: as usual.
setting() {
  value=$(awk -v name="$1:" '
    /^[^ #]/ { shared = $1 == "shared:" }
    shared && $1 == name { sub(/^[^:]*: */, ""); print; exit }' "$config" 2>/dev/null |
    sed -e "s/^'\(.*\)' *$/\1/" -e 's/^"\(.*\)" *$/\1/')
  # shellcheck disable=SC2088 # a configuration says so
  case $value in
    null | '~') value= ;;
    '~/'*) value=$HOME/${value#'~/'} ;;
  esac
}

# this_daemon: a name for the daemon that the client reaches, in $daemon; empty where that cannot be told. It is made of
# the secret that the daemon wants to hear of its clients: it invents one when it first starts in a folder and keeps it.
# The checksum of 32 bits does not give it away.
this_daemon() {
  daemon=
  config=$(call -vv group 2>&1 | sed -n 's/.*Found config file at: "\(.*\)".*/\1/p' | tail -n 1)
  config=${config:-$PUEUE_CONFIG_PATH}
  [ -f "$config" ] || return 0
  setting shared_secret_path
  secret=$value
  if [ -z "$secret" ]; then
    setting pueue_directory
    case $value-$(uname -s) in
      -Darwin) value="$HOME/Library/Application Support/pueue" ;;
      -*) value=${XDG_DATA_HOME:-$HOME/.local/share}/pueue ;;
    esac
    secret=$value/shared_secret
  fi
  [ -s "$secret" ] && [ -r "$secret" ] || return 0
  # Nodes of a cluster may share the folder.
  daemon=$({ printf '%s\n' "$node" && cat "$secret"; } 2>/dev/null | cksum 2>/dev/null | tr ' ' -)
  case $daemon in
    *[!0-9-]*) daemon= ;;
  esac
}

# handed ID: in $handed whether the daemon that answers is the one that the operation was handed to: same, other or
# unknown; none if it was handed to nobody so far.
handed() {
  handed=none
  [ -d "$runs/$1/pueue" ] || return 0
  handed=unknown
  first_line "$runs/$1/pueue/daemon"
  if [ -n "$line" ] && [ -n "$daemon" ]; then
    handed=other
    if [ "$line" = "$daemon" ]; then handed=same; fi
  fi
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

# quoted TEXT: as one word of the shell that pueue runs commands with.
quoted() {
  printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}
