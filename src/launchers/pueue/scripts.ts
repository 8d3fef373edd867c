import frame from '../process/frame.sh';
import host from '../process/host.sh';
import runDirectory from '../process/runDirectory.sh';
import { compact } from '../process/scripts';
import scheduler from '../scheduler.sh';
import groups from './groups.sh';
import kill from './kill.sh';
import look from './look.sh';
import pause from './pause.sh';
import pueue from './pueue.sh';
import submit from './submit.sh';

export const submitScript = compact(host, frame, runDirectory, scheduler, pueue, submit);
export const lookScript = compact(host, frame, scheduler, pueue, look);
export const killScript = compact(host, frame, scheduler, pueue, kill);
export const pauseScript = compact(host, frame, scheduler, pueue, pause);
export const groupsScript = compact(host, frame, scheduler, pueue, groups);
