/** Small steps on the document. Data enters as text only, and an unchanged value touches nothing. */

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') {
    made.className = className;
  }
  made.append(...children);
  return made;
}

export function setText(target: Element, text: string): void {
  const child = target.firstChild;
  if (child instanceof Text && child.nextSibling === null) {
    if (child.data !== text) {
      child.data = text;
    }
  } else if (target.textContent !== text) {
    target.textContent = text;
  }
}

/** Removes the attribute where the value is undefined. */
export function setAttribute(target: Element, name: string, value: string | undefined): void {
  if (value === undefined) {
    if (target.hasAttribute(name)) {
      target.removeAttribute(name);
    }
  } else if (target.getAttribute(name) !== value) {
    target.setAttribute(name, value);
  }
}

export const setHidden = (target: Element, hidden: boolean): void =>
  setAttribute(target, 'hidden', hidden ? '' : undefined);

/** Shows the text, or nothing at all. */
export function setOptionalText(target: Element, text: string | undefined): void {
  setHidden(target, text === undefined || text === '');
  setText(target, text ?? '');
}

/** Characters that reverse what follows would let a name pretend to be another one. */
const withoutDirections = (text: string) => text.replace(/[\u202a-\u202e\u2066-\u2069]/gu, '');

/** Text of foreign origin: any direction, cut by CSS, whole in the tooltip. */
export function setForeignText(target: Element, text: string | undefined, title = text): void {
  setOptionalText(target, text && withoutDirections(text));
  setAttribute(target, 'title', title && withoutDirections(title));
}

/** Text of foreign origin that is shown whole, with no tooltip. */
export const setWholeText = (target: Element, text: string | undefined): void =>
  setOptionalText(target, text && withoutDirections(text));

/** A place for text of foreign origin, which must not reorder what stands beside it. */
export function foreignText<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
): HTMLElementTagNameMap[K] {
  const made = element(tag, className);
  made.dir = 'auto';
  return made;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: Node[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
