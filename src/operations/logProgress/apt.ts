import { lastFound, percent, share, type Reader } from './reading';

const fancy = /^Progress: \[\s{0,3}(\d{1,3})%\]/;
const fetching = /^(\d{1,3})% \[(?:\d{1,6} |Working|Connecting|Waiting)/;
const fetched = /^Get:\d{1,6} \S{1,400} \S{1,200} \S{1,60} (\S{1,200}) /;
const act = /^(?:Unpacking|Setting up) (\S{1,200}) \(/;
const summary = /^(\d{1,6}) upgraded, (\d{1,6}) newly installed, /;

/** apt: what it fetches, unpacks and sets up; of how much, where it says so or the log still shows it. */
export const readApt: Reader = (rows) => {
  const stated = lastFound(rows, (text) => percent((fancy.exec(text) ?? fetching.exec(text))?.[1]));
  const done = lastFound(rows, (text) => (act.exec(text) || fetched.exec(text) ? text : undefined));
  const last = Math.max(stated?.row ?? -1, done?.row ?? -1);
  if (last < 0) {
    return undefined;
  }
  const fraction = stated?.row === last ? stated.value : counted(rows);
  return {
    row: last,
    progress: {
      ...(fraction !== undefined && { progress: fraction }),
      ...(done && { message: words(done.value) }),
    },
  };
};

/** Each package is unpacked, and each is set up. */
function counted(rows: Parameters<Reader>[0]): number | undefined {
  const found = lastFound(rows, (text) => summary.exec(text) ?? undefined);
  if (!found) {
    return undefined;
  }
  const packages = Number(found.value[1]) + Number(found.value[2]);
  const acts = rows.slice(found.row).filter(({ text }) => act.test(text)).length;
  return acts > 0 ? share(acts, 2 * packages) : undefined;
}

const words = (text: string): string => {
  const [, name] = fetched.exec(text) ?? [];
  return name === undefined ? text.replace(/ \(.{0,200}$/, '') : `Fetching ${name}`;
};
