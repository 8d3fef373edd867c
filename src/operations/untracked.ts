import type { ProcessIdentity } from './operation';

export const untrackedKinds = ['server', 'gpu', 'program', 'container', 'tmux'] as const;
export type UntrackedKind = (typeof untrackedKinds)[number];

/** Something that the user has running on a host and that is no operation in a list. */
export interface Untracked {
  kind: UntrackedKind;
  name: string;
  /** What it is, like "Ollama", where that is recognised. */
  service?: string;
  /** Only its port speaks for that service. */
  isGuess?: true;
  pid?: number;
  /** Without it, it cannot be tracked: it belongs to another user, or cannot be seen. */
  identity?: ProcessIdentity;
  /** Missing: the user's own. */
  user?: string;
  ports?: number[];
  /** As words of a shell, with what looks secret masked. Of containers: the image. */
  command?: string;
  /** Where it works. */
  folder?: string;
  uptimeSeconds?: number;
  gpuMemoryMb?: number;
  /** Of a container: what runs it, as its command is called. */
  runtime?: 'docker' | 'podman';
  /** Of tmux: how many windows it has, and whether somebody looks at it. */
  windows?: number;
  isAttached?: boolean;
}

export const canTrack = ({ identity }: Untracked): boolean => identity !== undefined;
