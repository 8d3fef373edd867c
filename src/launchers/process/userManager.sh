# shellcheck shell=sh disable=SC2034,SC2154,SC2317,SC2329
# The user's own service manager (systemd --user). Where lingering is on, it is there also when nobody is logged in,
# and what it has started is left alone at a logout.

# find_manager: $lack is what it cannot be used for, empty when it can. A session without a login does not say where
# it is.
find_manager() {
  lack=
  user=$(id -un)
  XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}
  export XDG_RUNTIME_DIR
  if [ -z "$DBUS_SESSION_BUS_ADDRESS" ] && [ -S "$XDG_RUNTIME_DIR/bus" ]; then
    DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
    export DBUS_SESSION_BUS_ADDRESS
  fi
  if ! command -v systemd-run >/dev/null 2>&1; then
    lack=no-systemd
  elif ! lingers; then
    lack=no-linger
  elif ! [ -S "$XDG_RUNTIME_DIR/systemd/private" ]; then
    lack=no-manager
  fi
}

# lingers: what was left behind by $user is let live on.
lingers() {
  [ -e "/var/lib/systemd/linger/$user" ] ||
    [ "$(loginctl show-user "$user" --property=Linger 2>/dev/null)" = Linger=yes ]
}
