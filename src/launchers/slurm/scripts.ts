import frame from '../process/frame.sh';
import host from '../process/host.sh';
import runDirectory from '../process/runDirectory.sh';
import { compact } from '../process/scripts';
import scheduler from '../scheduler.sh';
import batch from './batch.sh';
import directives from './directives.sh';
import kill from './kill.sh';
import look from './look.sh';
import offer from './offer.sh';
import pause from './pause.sh';
import slurm from './slurm.sh';
import submit from './submit.sh';

export const submitScript = compact(host, frame, runDirectory, scheduler, slurm, submit);
export const lookScript = compact(host, frame, scheduler, slurm, look);
export const killScript = compact(host, frame, scheduler, slurm, kill);
export const pauseScript = compact(host, frame, scheduler, slurm, pause);
export const offerScript = compact(host, frame, scheduler, slurm, offer);
export const directivesScript = compact(host, frame, scheduler, slurm, directives);

export const batchText = `#!/bin/sh\n${compact(batch)}\n`;
