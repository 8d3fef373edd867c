import frame from '../process/frame.sh';
import host from '../process/host.sh';
import runDirectory from '../process/runDirectory.sh';
import { compact } from '../process/scripts';
import groups from './groups.sh';
import kill from './kill.sh';
import look from './look.sh';
import pause from './pause.sh';
import pueue from './pueue.sh';
import submit from './submit.sh';

export const submitScript = compact(host, frame, runDirectory, pueue, submit);
export const lookScript = compact(host, frame, pueue, look);
export const killScript = compact(host, frame, pueue, kill);
export const pauseScript = compact(host, frame, pueue, pause);
export const groupsScript = compact(host, frame, pueue, groups);
