/** Icons of 16 by 16, drawn as lines in the colour of the text around them. */
import type { OperationType } from '../../src/operations/status';
import { svg } from './dom';

const paths = {
  // Two rack units, a lamp on each.
  server: 'M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.75h.01M5 11.25h.01M8.5 4.75h2.5M8.5 11.25h2.5',
  // A loss curve falling between its axes.
  job: 'M2.5 2v11.5H14M5 4.5c.6 4.2 2 6 8.5 6.3',
  // A prompt in a window.
  program: 'M1.5 2.5h13v11h-13zM4.5 6l2.25 2.25L4.5 10.5M8.5 10.5h3',
  // Down into a tray.
  transfer: 'M8 2v8M4.75 6.75 8 10l3.25-3.25M2.5 10.5v3h11v-3',
  warning: 'M8 2.25 14.5 13.5h-13zM8 6.5v3.25M8 11.6v.01',
  unplugged:
    'M2 2l12 12M5.2 5.2 4 6.5v2.25A3.25 3.25 0 0 0 7.25 12h1.5M10.9 10.9A3.25 3.25 0 0 0 12 8.75V5H7M6 2v1.5M10 2v3M8 12v2.5',
  key: 'M9.5 6.5a3 3 0 1 1 0 .01M9 8.6 3 14.2M5.5 12l1.5 1.5',
  failed: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM5.75 5.75l4.5 4.5M10.25 5.75l-4.5 4.5',
  blocked: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM3.9 3.9l8.2 8.2',
  sync: 'M13 6.5A5.25 5.25 0 0 0 3.6 5.2M3 9.5a5.25 5.25 0 0 0 9.4 1.3M3.25 2.5v3h3M12.75 13.5v-3h-3',
  add: 'M8 3v10M3 8h10',
  // A tick in a circle.
  verified: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM5.4 8.2l1.8 1.8 3.4-3.8',
  // Lines of text.
  log: 'M2.5 3.5h11M2.5 6.5h8M2.5 9.5h11M2.5 12.5h6',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M4.5 2.75v10.5L13 8z',
  again: 'M12.9 9.4A5.1 5.1 0 1 1 12 4.9M12.5 2v3.25H9.25',
  // The square that stops a recorder.
  kill: 'M3.5 3.5h9v9h-9z',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  clear: 'M4 4l8 8M12 4l-8 8',
  filter: 'M2 3.5h12M4.5 8h7M7 12.5h2',
  // Turned by its button when that is open.
  chevron: 'M6 3.5 10.5 8 6 12.5',
  sort: 'M5 3v10M2.5 10.5 5 13l2.5-2.5M9 4h5M9 8h4M9 12h3',
} as const;

export type IconName = keyof typeof paths;

/** Decoration: the word beside it carries the meaning. */
export function icon(name: IconName): SVGSVGElement {
  return svg(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 16 16', width: '16', height: '16', 'aria-hidden': 'true' },
    svg('path', { d: paths[name] }),
  );
}

export const typeIcon = (type: OperationType): SVGSVGElement => icon(type);
