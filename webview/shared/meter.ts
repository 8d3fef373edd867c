/** How much of something is used: its name, its value and a bar. */
import { element, setAttribute, setHidden, setText } from './dom';
import { icon } from './icons';

export interface Reading {
  label: string;
  text: string;
  /** 0 to 100. Missing: there is no whole that it would be a part of, and no bar. */
  percent?: number;
  /** What a screen reader says instead of the text. */
  spoken?: string;
  /** Why it is too much, in half a sentence. */
  warning?: string;
}

export interface Meter {
  readonly element: HTMLElement;
  /** `undefined`: nothing is known, and its place stays empty. @param owner whose it is */
  update(reading: Reading | undefined, owner: string): void;
}

export function createMeter(className: string): Meter {
  const label = element('span', 'meter-label');
  const mark = element('span', 'meter-mark', icon('warning'));
  const value = element('span', 'meter-value');
  const fill = element('div', 'meter-fill');
  const bar = element('div', 'meter-bar', fill);
  bar.setAttribute('role', 'meter');
  bar.setAttribute('aria-valuemin', '0');
  bar.setAttribute('aria-valuemax', '100');
  const whole = element('div', `meter ${className}`, label, mark, value, bar);
  return {
    element: whole,
    update(reading, owner) {
      setHidden(whole, reading === undefined);
      if (reading === undefined) {
        return;
      }
      const { percent, text, spoken = text, warning } = reading;
      setText(label, reading.label);
      setText(value, text);
      setHidden(bar, percent === undefined);
      // The bar says both, where there is one.
      setAttribute(label, 'aria-hidden', percent === undefined ? undefined : 'true');
      setAttribute(value, 'aria-hidden', percent === undefined ? undefined : 'true');
      setHidden(mark, warning === undefined);
      setAttribute(whole, 'data-warning', warning === undefined ? undefined : '');
      if (percent !== undefined) {
        setAttribute(bar, 'aria-label', `${owner}: ${reading.label}`);
        setAttribute(bar, 'aria-valuenow', String(Math.floor(percent)));
        setAttribute(bar, 'aria-valuetext', warning === undefined ? spoken : `${spoken}, ${warning}`);
        const width = `${percent.toFixed(1)}%`;
        if (fill.style.width !== width) {
          fill.style.width = width;
        }
      }
    },
  };
}
