import * as l10n from '@vscode/l10n';
import { encodeText } from '../hosts/quote';
import { RemoteOperationsError } from '../operations/errors';

/** A field of a request, as `decode` (frame.sh) takes it. */
export const field = (text: string): string => `=${encodeText(text)}`;

/** Why a run directory could not be prepared (runDirectory.sh), or nothing was started in it. */
export function refusal(code: string | undefined, detail: string, hostName: string): string {
  switch (code) {
    case 'no-folder':
      return l10n.t(
        'The folder {0} does not exist on {1}. Create it there, or resubmit with another folder.',
        detail,
        hostName,
      );
    case 'cannot-write':
      return l10n.t(
        '{0} cannot store the operation in ~/.remote-ops: {1}. Make room or fix its permissions, then resubmit.',
        hostName,
        detail || l10n.t('writing fails'),
      );
    case 'no-setsid':
      return l10n.t(
        '{0} has neither setsid nor perl, one of which is needed to detach an operation. Install util-linux there.',
        hostName,
      );
    case 'no-systemd':
      return l10n.t(
        '{0} has no systemd-run, so it cannot start a service of yours. Resubmit without systemd.',
        hostName,
      );
    case 'no-linger':
      return l10n.t(
        '{0} ends the services of {1} at a logout, as lingering is off. Turn it on there with "loginctl enable-linger", or resubmit without systemd.',
        hostName,
        detail,
      );
    case 'no-manager':
      return l10n.t(
        'The service manager of {1} (systemd --user) does not run on {0}. Log in there once, or resubmit without systemd.',
        hostName,
        detail,
      );
    case 'no-unit':
      return l10n.t(
        'systemd on {0} did not start it: {1}. Resubmit it, or without systemd.',
        hostName,
        detail.replace(/\.?\s*$/, ''),
      );
    case 'no-script':
      return l10n.t(
        '{0} cannot read the batch script: {1}. Correct its path, then resubmit.',
        hostName,
        detail,
      );
    case 'no-sbatch':
      return l10n.t(
        '{0} has no sbatch on its PATH, so it cannot hand anything to Slurm. Choose another host or launcher.',
        hostName,
      );
    case 'no-pueue':
      return l10n.t(
        'pueue is not to be found on {0}. Put it on the PATH of sessions without a terminal, or choose another launcher.',
        hostName,
      );
    case 'no-daemon':
      return l10n.t(
        'The pueue daemon is not running on {0}. Start it there with "pueued -d", then resubmit.',
        hostName,
      );
    case 'no-answer':
      return l10n.t('pueue does not answer on {0}: {1}', hostName, detail);
    case 'pueue-refused':
      return l10n.t('pueue on {0} refused it: {1}', hostName, detail);
    case 'refused':
      return l10n.t('Slurm on {0} refused it: {1}', hostName, detail);
    default:
      return l10n.t('{0} did not start the operation within five seconds. Resubmit it.', hostName);
  }
}

export const unexpected = (hostName: string): RemoteOperationsError =>
  new RemoteOperationsError(
    'BadAnswer',
    l10n.t('{0} answered in a way that is not understood. Nothing was concluded from it.', hostName),
  );
