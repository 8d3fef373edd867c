import type { Progress } from '../progress';
import type { LogProgress } from './logProgress';

/** Sizes and percentages are rounded by those who print them. */
const rounding = 0.02;

/**
 * What is known of an operation once its log was read again. A log shows its last lines only: measures and a
 * total that stood further up still hold, and so does the whole where only a part of it can be seen now. But
 * what was finished, and has scrolled away since, was a step on the way. `undefined`: as before.
 */
export function followedUp(
  known: Progress | undefined,
  told: LogProgress | undefined,
  isAlive: boolean,
): Progress | undefined {
  const isOver = isAlive && known?.progress === 1;
  if (!told) {
    return isOver ? measuresOf(known) : undefined;
  }
  const { progress } = told;
  if (told.isPart) {
    return { ...(isOver ? measuresOf(known) : known), ...progress };
  }
  return { ...measuresOf(known), ...totalOf(known, progress), ...progress };
}

const measuresOf = ({ metrics }: Progress = {}): Progress => (metrics ? { metrics } : {});

/** The total that was told before, if it fits what is told now. */
function totalOf(known: Progress | undefined, { progress, sizeDoneBytes: done }: Progress): Progress {
  const total = known?.sizeTotalBytes;
  const fits =
    total !== undefined &&
    progress !== undefined &&
    done !== undefined &&
    done <= total &&
    Math.abs(done / total - progress) <= rounding;
  return fits ? { sizeTotalBytes: total } : {};
}
