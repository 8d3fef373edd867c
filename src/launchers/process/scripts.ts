import adopt from './adopt.sh';
import boundedSmi from './boundedSmi.sh';
import containers from './containers.sh';
import countGpus from './countGpus.sh';
import discover from './discover.sh';
import endProcess from './endProcess.sh';
import frame from './frame.sh';
import gpus from './gpus.sh';
import group from './group.sh';
import host from './host.sh';
import identify from './identify.sh';
import kill from './kill.sh';
import launch from './launch.sh';
import listeners from './listeners.sh';
import log from './log.sh';
import look from './look.sh';
import offer from './offer.sh';
import pause from './pause.sh';
import ports from './ports.sh';
import probe from './probe.sh';
import progress from './progress.sh';
import quiet from './quiet.sh';
import runDirectory from './runDirectory.sh';
import runs from './runs.sh';
import sample from './sample.sh';
import sampleNow from './sampleNow.sh';
import scan from './scan.sh';
import search from './search.sh';
import slow from './slow.sh';
import smi from './smi.sh';
import supervisor from './supervisor.sh';
import userManager from './userManager.sh';
import { createHash } from 'node:crypto';

/** Comments and indentation are for readers of this repository; the host gets the code alone. */
export const compact = (...parts: string[]): string =>
  parts
    .join('\n')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');

export const identifyScript = compact(host, frame, identify);
export const adoptScript = compact(host, frame, runDirectory, group, adopt);
export const launchScript = compact(host, frame, runDirectory, userManager, launch);
export const offerScript = compact(host, frame, userManager, offer);
export const probeScript = compact(
  ...[host, frame, group, look, scan, progress, quiet, smi, slow, sample, probe],
);
export const killScript = compact(host, frame, group, kill);
export const runsScript = compact(host, frame, look, runs);
export const pauseScript = compact(host, frame, group, pause);
export const discoverScript = compact(host, frame, smi, slow, listeners, containers, discover);
export const portsScript = compact(host, frame, listeners, ports);
export const endProcessScript = compact(host, frame, listeners, endProcess);
export const countGpusScript = compact(host, frame, group, smi, slow, gpus, countGpus);
export const logScript = compact(host, frame, log);
export const sampleScript = compact(host, frame, smi, slow, sample, sampleNow);
export const searchScript = compact(host, frame, search);

/** Kept on the host under a name that changes with its text, so that versions never mix. */
export const supervisorText = `${[host, compact(group, boundedSmi, gpus), supervisor].join('\n')}\n`;
export const supervisorName = `supervisor-${createHash('sha256').update(supervisorText).digest('hex').slice(0, 12)}.sh`;
