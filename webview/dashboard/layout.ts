/** Where cards lie in the grid, and where a key leads from one to another. Pure. */

/** Of a card; the same as in grid.css. */
const minCardWidth = 304;
export const gap = 12;

/** How many cards fit beside each other. */
export const columnsIn = (width: number): number =>
  Math.max(1, Math.floor((width + gap) / (minCardWidth + gap)));

export function rowsOf<T>(items: readonly T[], columns: number): T[][] {
  const rows: T[][] = [];
  for (let at = 0; at < items.length; at += columns) {
    rows.push(items.slice(at, at + columns));
  }
  return rows;
}

/** A place: the how manieth card of the how manieth section. */
export interface Place {
  section: number;
  index: number;
}

export interface Shape {
  /** How many cards each section has. */
  sizes: readonly number[];
  columns: number;
  /** How many rows can be seen at once. */
  page: number;
}

/** Where a key leads; undefined for keys that move nowhere, and where there is no further card. */
export function moved(key: string, from: Place, shape: Shape): Place | undefined {
  const to = target(key, from, shape);
  const isThere = to && (to.section !== from.section || to.index !== from.index);
  return isThere ? to : undefined;
}

function target(key: string, from: Place, shape: Shape): Place | undefined {
  switch (key) {
    case 'ArrowRight':
      return along(from, 1, shape);
    case 'ArrowLeft':
      return along(from, -1, shape);
    case 'ArrowDown':
      return across(from, 1, shape);
    case 'ArrowUp':
      return across(from, -1, shape);
    case 'PageDown':
      return across(from, shape.page, shape);
    case 'PageUp':
      return across(from, -shape.page, shape);
    case 'Home':
      return along(from, -Infinity, shape);
    case 'End':
      return along(from, Infinity, shape);
    default:
      return undefined;
  }
}

/** In reading order, over the bounds of sections; to the first or last card where it would lead further. */
function along({ section, index }: Place, by: number, { sizes }: Shape): Place | undefined {
  const before = sizes.slice(0, section).reduce((sum, size) => sum + size, 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let left = Math.min(Math.max(before + index + by, 0), total - 1);
  for (const [at, size] of sizes.entries()) {
    if (left < size) {
      return { section: at, index: left };
    }
    left -= size;
  }
  return undefined;
}

/** In the same column, over the bounds of sections; a shorter last row is entered at its last card. */
function across(from: Place, by: number, { sizes, columns }: Shape): Place | undefined {
  const column = from.index % columns;
  const rows = sizes.flatMap((size, section) =>
    Array.from({ length: Math.ceil(size / columns) }, (_, row) => ({ section, row })),
  );
  const here = rows.findIndex(
    ({ section, row }) => section === from.section && row === Math.floor(from.index / columns),
  );
  const there = rows[Math.min(Math.max(here + by, 0), rows.length - 1)];
  if (there === undefined || there === rows[here]) {
    return undefined;
  }
  const size = sizes[there.section] ?? 0;
  return { section: there.section, index: Math.min(there.row * columns + column, size - 1) };
}
