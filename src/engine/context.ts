import type { Asker } from '../hosts/questions';
import type { OverloadLimits } from '../operations/overload';
import type { OperationStore } from '../store/operationStore';
import type { Clock } from './clock';
import type { Hosts } from './hosts';
import type { Launchers } from './launchers';
import type { NoticeBook } from './noticeBook';
import type { WatchFolderParts } from './watchFolders/watchFolders';

export interface EngineSettings {
  visibleSeconds: number;
  backgroundSeconds: number;
  schedulerSeconds: number;
  unknownAfterMinutes: number;
  /** 0: never. */
  stalledAfterMinutes: number;
  /** How many plain processes may run at once on a host that has no number of its own; 0: any number. */
  maxConcurrent: number;
  /** From when on a host has too much to do. */
  overload: OverloadLimits;
}

/** What the parts of the engine work with. */
export interface EngineContext {
  store: OperationStore;
  hosts: Hosts;
  /** This window: what its user wants of a host is asked about here. */
  asker: Asker;
  launchers: Launchers;
  clock: Clock;
  /** Of this window; it outlives the engine. */
  notices: NoticeBook;
  /** 0 to 1, for jitter. */
  random: () => number;
  newId: () => string;
  settings: () => EngineSettings;
  log: (message: string) => void;
  /** Without it, no folders are watched. */
  watchFolders?: WatchFolderParts;
}

export const isoNow = (clock: Clock): string => new Date(clock.now()).toISOString();
