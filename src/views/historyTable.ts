/** Evidence comes from hosts and may be anything; a line of the table stays one line, of a readable length. */
const mostCellLength = 1_000;

// Control characters, line breaks of every kind, and marks that would reverse what follows.
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

export const oneLine = (text: string): string => {
  const line = text.replace(unprintable, ' ').trim();
  return line.length > mostCellLength ? `${line.slice(0, mostCellLength)}...` : line;
};

/** Columns under their headings; the last one is as wide as it likes. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows].map((cells) => cells.map(oneLine));
  const widths = headings.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `2026-01-31 14:02:07`, by this computer's clock and time zone. */
export function stamp(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) {
    return iso;
  }
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}
