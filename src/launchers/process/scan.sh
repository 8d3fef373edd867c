# shellcheck shell=sh disable=SC2034,SC2016,SC2086,SC2154,SC2317,SC2329
# The quick look at many operations: one awk reads the identity and the process of each. It can only prove
# life. What it does not find plainly alive, and everything if it fails itself, is looked at with care.

# candidates: the operations asked about; those that are worth a quick look come with what was last told.
# Only regular files: to open a pipe that someone put there would block.
candidates() {
  if [ "$eyes" = ps ]; then
    LC_ALL=C TZ=UTC0 ps -A -o pid= -o state= -o lstart= 2>/dev/null | sed 's/^/= /'
  fi
  was=
  IFS=$newline
  for request in $table; do
    unset IFS
    set -- $request
    run=$runs/$2
    if [ -f "$run/ident" ] && [ -f "$run/claim/node" ] && [ ! -e "$run/exit_code" ]; then
      if [ "$kind" = delta ]; then eval "was=\$told_${part}_$1"; fi
      printf '%s\n' "$request $was"
    else
      printf -- '- %s\n' "$request"
    fi
  done
}

# scan: "+ INDEX LINE" for what is alive and to be told, "- REQUEST" for what needs care, ". COUNT" at the
# end.
scan() {
  candidates | LC_ALL=C runs=$runs proc=$proc eyes=$eyes boot=$boot node=$node awk '
    function head(file, text) {
      text = ""
      getline text < file
      close(file)
      return text
    }
    function alive(pid, file, text, part, field) {
      if (ENVIRON["eyes"] == "ps") {
        state = states[pid]
        start = starts[pid]
        return state ~ /^[^ZXx]/
      }
      file = ENVIRON["proc"] "/" pid "/stat"
      text = ""
      while ((getline part < file) > 0) text = text " " part
      close(file)
      # A command name may hold anything: fields count after the last ")".
      if (!sub(/^.*\) /, "", text) || split(text, field, " ") < 20) return 0
      state = field[1]
      start = field[20]
      return state !~ /^[ZXx]$/
    }
    function plain(id, run, who, on) {
      run = ENVIRON["runs"] "/" id
      if (split(head(run "/ident"), who, " ") != 4 || who[1] == "-" || who[2] != ENVIRON["boot"]) return ""
      on = head(run "/claim/node")
      if (on != "" && on != ENVIRON["node"]) return ""
      if (who[3] !~ /^[0-9]+$/ || !alive(who[3]) || start != who[4]) return ""
      # Whether the others of its group are suspended as well, one process does not tell.
      if (state ~ /^[Tt]/) return ""
      return "op " id " yes - yes " who[1] " " who[2] " " who[3] " " who[4] " S " start " - - -"
    }
    $1 == "=" {
      states[$2] = $3
      starts[$2] = $4 "_" $5 "_" $6 "_" $7 "_" $8
      next
    }
    { count++ }
    $1 == "-" { print; next }
    {
      line = plain($2)
      if (line == "") {
        print "-", $1, $2, $3, $4, $5, $6, $7, $8
        next
      }
      if (line != substr($0, length($1 $2 $3 $4 $5 $6 $7 $8) + 9)) print "+", $1, line
    }
    END { print ".", count + 0 }' 2>/dev/null
}
