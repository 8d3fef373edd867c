import { oneLine } from './historyTable';

/** A name on one line, cut to what fits a message, a tab or a row. */
export function shortName(name: string, most = 80): string {
  const line = oneLine(name);
  return line.length > most ? `${line.slice(0, most)}...` : line;
}
