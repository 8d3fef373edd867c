import * as l10n from '@vscode/l10n';

const highestPort = 65_535;
/** As many as one look is asked about. */
export const mostPorts = 1_000;

export const isPort = (number: unknown): number is number =>
  Number.isInteger(number) && (number as number) >= 1 && (number as number) <= highestPort;

/** Reads what a user types: `8080, 8188` or `8000-8010`; nothing for all of them. A sentence where it is none. */
export function readPorts(text: string): number[] | string {
  const ports = new Set<number>();
  for (const word of text.split(/[\s,;]+/).filter(Boolean)) {
    const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!isPort(from) || !isPort(to) || from > to) {
      return l10n.t('"{0}" is no port from 1 to 65535, and no range of them like 8000-8010.', word);
    }
    for (let port = from; port <= to && ports.size <= mostPorts; port++) {
      ports.add(port);
    }
  }
  return ports.size > mostPorts ? l10n.t('These are more than {0} ports.', mostPorts) : [...ports];
}
