/**
 * Programs that belong to a login or to the machine, by the name that the kernel has of them (15 bytes at most): nobody
 * would track them, whatever they listen on.
 */
export const sessionPrograms: readonly string[] = [
  // Logins, shells and what keeps them.
  ...['sshd', 'sshd-session', 'sshd-auth', 'login', 'su', 'sudo', 'sftp-server', 'ssh', 'scp', 'mosh-server'],
  ...[
    'sh',
    'bash',
    'dash',
    'ash',
    'zsh',
    'fish',
    'csh',
    'tcsh',
    'ksh',
    'busybox',
    'tmux',
    'screen',
    'SCREEN',
  ],
  ...['byobu', 'zellij', 'less', 'more', 'man', 'watch', 'top', 'htop', 'tail', 'sleep', 'cat', 'tee'],
  // The user's and the machine's own services.
  ...['systemd', 'init', 'tini', 'dumb-init', 'dbus-daemon', 'dbus-broker', 'dbus-broker-lau', 'gpg-agent'],
  ...['ssh-agent', 'keyboxd', 'dirmngr', 'scdaemon', 'gnome-keyring-d', 'pipewire', 'pipewire-pulse'],
  ...[
    'wireplumber',
    'pulseaudio',
    'gvfsd',
    'gvfsd-fuse',
    'gvfsd-metadata',
    'xdg-document-po',
    'xdg-permission-',
  ],
  ...[
    'dconf-service',
    'at-spi-bus-laun',
    'at-spi2-registr',
    'gnome-shell',
    'Xorg',
    'Xwayland',
    'agetty',
    'cron',
  ],
  ...['crond', 'atd', 'rsyslogd', 'chronyd', 'polkitd', 'udevd', 'nvidia-persiste', 'slurmd', 'slurmctld'],
  ...[
    'slurmdbd',
    'slurmstepd',
    'munged',
    'pueued',
    'dockerd',
    'containerd',
    'containerd-shim',
    'docker-proxy',
  ],
  ...['conmon', 'rootlesskit', 'slirp4netns', 'NetworkManager', 'wpa_supplicant', 'cupsd', 'avahi-daemon'],
];

const editors =
  /\.(vscode|cursor|windsurf|vscodium)(-oss)?(-server|-remote|-insiders|-server-insiders)?\/|\/(code-server|openvscode-server|vscode-server)\/|(^|\/)(systemd-\S+|\(sd-pam\))( |$)/;

/** Whether a command line is that of a service of the machine, or of an editor that came over SSH. */
export const isOfSession = (words: readonly string[]): boolean =>
  words.slice(0, 4).some((word) => editors.test(word));
