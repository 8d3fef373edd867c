/** How much of something is used: its name, its value and a bar. */
import { element, setAttribute, setHidden, setText } from './dom';

export interface Reading {
  label: string;
  text: string;
  /** 0 to 100. Missing: there is no whole that it would be a part of, and no bar. */
  percent?: number;
  /** What a screen reader says instead of the text. */
  spoken?: string;
  /** There is hardly any left. */
  isScarce?: boolean;
}

export interface Meter {
  readonly element: HTMLElement;
  /** `undefined`: nothing is known, and its place stays empty. @param owner whose it is */
  update(reading: Reading | undefined, owner: string): void;
}

export function createMeter(className: string): Meter {
  const label = element('span', 'meter-label');
  const value = element('span', 'meter-value');
  const fill = element('div', 'meter-fill');
  const bar = element('div', 'meter-bar', fill);
  bar.setAttribute('role', 'meter');
  bar.setAttribute('aria-valuemin', '0');
  bar.setAttribute('aria-valuemax', '100');
  const whole = element('div', `meter ${className}`, label, value, bar);
  return {
    element: whole,
    update(reading, owner) {
      setHidden(whole, reading === undefined);
      if (reading === undefined) {
        return;
      }
      const { percent, text, spoken = text, isScarce = false } = reading;
      setText(label, reading.label);
      setText(value, text);
      setHidden(bar, percent === undefined);
      // The bar says both, where there is one.
      setAttribute(label, 'aria-hidden', percent === undefined ? undefined : 'true');
      setAttribute(value, 'aria-hidden', percent === undefined ? undefined : 'true');
      setAttribute(whole, 'data-scarce', isScarce ? '' : undefined);
      if (percent !== undefined) {
        setAttribute(bar, 'aria-label', `${owner}: ${reading.label}`);
        setAttribute(bar, 'aria-valuenow', String(Math.floor(percent)));
        setAttribute(bar, 'aria-valuetext', spoken);
        const width = `${percent.toFixed(1)}%`;
        if (fill.style.width !== width) {
          fill.style.width = width;
        }
      }
    },
  };
}
