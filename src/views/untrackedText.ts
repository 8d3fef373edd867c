import * as vscode from 'vscode';
import { canTrack, type Untracked } from '../operations/untracked';
import { durationText } from './durationText';

const icons: Record<Untracked['kind'], string> = {
  server: 'server-process',
  gpu: 'chip',
  program: 'gear',
  container: 'package',
  tmux: 'terminal-tmux',
};

const serviceIcons: Readonly<Record<string, string>> = {
  ComfyUI: 'type-hierarchy',
  Ollama: 'comment-discussion',
  vLLM: 'comment-discussion',
  Jupyter: 'notebook',
  TensorBoard: 'graph-line',
  Triton: 'server-environment',
};

export const untrackedIcon = ({ kind, service, isGuess }: Untracked): vscode.ThemeIcon =>
  new vscode.ThemeIcon((!isGuess && service !== undefined && serviceIcons[service]) || icons[kind]);

/** What stands beside its name. */
export function untrackedDescription(found: Untracked): string {
  const { t } = vscode.l10n;
  const { kind, ports = [], uptimeSeconds, gpuMemoryMb, windows, service, isGuess, name } = found;
  const [port, ...others] = ports;
  const parts = [
    isGuess && service !== undefined && t('perhaps {0}', service),
    !isGuess && service !== undefined && service !== name && service,
    kind === 'tmux' && t('tmux session'),
    kind === 'tmux' && windows !== undefined && windows > 1 && t('{0} windows', String(windows)),
    kind === 'container' && t('container'),
    port !== undefined &&
      (others.length === 0
        ? t('port {0}', String(port))
        : others.length < 3
          ? t('ports {0}', ports.join(', '))
          : t('ports {0} and {1} more', String(port), String(others.length))),
    gpuMemoryMb !== undefined && t('GPU {0}', mebibytes(gpuMemoryMb)),
    kind === 'gpu' && gpuMemoryMb === undefined && t('GPU'),
    uptimeSeconds !== undefined && t('for {0}', durationText(uptimeSeconds)),
  ];
  return parts.filter((part) => typeof part === 'string').join(' · ');
}

const mebibytes = (size: number): string =>
  size < 1024 ? `${Math.round(size)} MiB` : `${(size / 1024).toFixed(size < 10_240 ? 1 : 0)} GiB`;

/** What the pointer shows: what it is, and what can be done with it. */
export function untrackedLines(found: Untracked, hostName: string): string[] {
  const { t } = vscode.l10n;
  const { name, command, folder, pid, service, isGuess } = found;
  const lines = [
    [name, untrackedDescription(found)].join(' · '),
    isGuess &&
      service !== undefined &&
      t('Its port is the usual one of {0}; its command does not tell.', service),
    command,
    folder !== undefined && t('in {0}', folder),
    pid !== undefined && t('pid {0} on {1}', String(pid), hostName),
    whyNotTracked(found),
  ];
  return lines.filter((line) => typeof line === 'string');
}

/** Why it cannot be taken into the list; `undefined` when it can. */
export function whyNotTracked(found: Untracked): string | undefined {
  const { t } = vscode.l10n;
  if (canTrack(found)) {
    return undefined;
  }
  return found.kind === 'tmux'
    ? t('A session itself cannot be tracked; the programs in it can, once they run for ten minutes.')
    : t('Its main process is not yours or cannot be seen, so it cannot be tracked.');
}

/** What Copy takes: how to get to it in a terminal of the host. */
export function untrackedCopy(
  { kind, name, runtime, command, pid }: Untracked,
  quote: (text: string) => string,
): string {
  if (kind === 'tmux') {
    return `tmux attach -t ${quote(name)}`;
  }
  if (kind === 'container') {
    return `${runtime ?? 'docker'} exec -it ${quote(name)} sh`;
  }
  return command ?? String(pid ?? name);
}
