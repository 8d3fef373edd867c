import { encodeText } from '../hosts/quote';
import { RemoteOperationsError } from '../operations/errors';

/** A field of a request, as `decode` (frame.sh) takes it. */
export const field = (text: string): string => `=${encodeText(text)}`;

/** Why a run directory could not be prepared (runDirectory.sh), or nothing was started in it. */
export function refusal(code: string | undefined, detail: string, hostName: string): string {
  switch (code) {
    case 'no-folder':
      return `The folder ${detail} does not exist on ${hostName}. Create it there, or resubmit with another folder.`;
    case 'cannot-write':
      return `${hostName} cannot store the operation in ~/.remote-ops: ${detail || 'writing fails'}. Make room or fix its permissions, then resubmit.`;
    case 'no-setsid':
      return `${hostName} has neither setsid nor perl, one of which is needed to detach an operation. Install util-linux there.`;
    case 'no-script':
      return `${hostName} cannot read the batch script: ${detail}. Correct its path, then resubmit.`;
    case 'no-sbatch':
      return `${hostName} has no sbatch on its PATH, so it cannot hand anything to Slurm. Choose another host or launcher.`;
    case 'no-pueue':
      return `pueue is not to be found on ${hostName}. Put it on the PATH of sessions without a terminal, or choose another launcher.`;
    case 'no-daemon':
      return `The pueue daemon is not running on ${hostName}. Start it there with "pueued -d", then resubmit.`;
    case 'no-answer':
      return `pueue does not answer on ${hostName}: ${detail}`;
    case 'pueue-refused':
      return `pueue on ${hostName} refused it: ${detail}`;
    case 'refused':
      return `Slurm on ${hostName} refused it: ${detail}`;
    default:
      return `${hostName} did not start the operation within five seconds. Resubmit it.`;
  }
}

export const unexpected = (hostName: string): RemoteOperationsError =>
  new RemoteOperationsError(
    'BadAnswer',
    `${hostName} answered in a way that is not understood. Nothing was concluded from it.`,
  );
