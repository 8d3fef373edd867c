/** A titled region of the page. */
import { element } from '../shared/dom';

let count = 0;

export function section(className: string, title: string, ...children: (Node | string)[]): HTMLElement {
  const heading = element('h2', '', title);
  heading.id = `section-${++count}`;
  const whole = element('section', `part ${className}`, heading, ...children);
  whole.setAttribute('aria-labelledby', heading.id);
  return whole;
}
