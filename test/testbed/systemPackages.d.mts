export type Program =
  | ('browser' | 'sshd' | 'ssh-keygen' | 'busybox' | 'dash' | 'bash' | 'shellcheck')
  | ('slurmctld' | 'munged' | 'slurmdbd' | 'mariadbd');
export const allPrograms: readonly Program[];
export function findProgram(name: string): string | undefined;
export function findBrowser(): string | undefined;
export function missingPackages(names: readonly Program[]): string[];
export function ensurePrograms(names: readonly Program[]): boolean;
