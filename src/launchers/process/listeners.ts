import { printable } from '../../hosts/destination';
import type { Holder, Listener, PortLook } from '../../operations/listener';
import { unexpected } from '../answers';
import type { Block, Line } from '../frame';

/** Takes the answer of ports.sh. `undefined`: the host does not show who listens. @throws `BadAnswer` */
export function readListeners({ machineId, bootId, lines }: Block, hostName: string): PortLook | undefined {
  const look: Omit<PortLook, 'uid'> & { uid?: number; isSeen?: true } = {
    machineId,
    bootId,
    listeners: [],
    taken: [],
  };
  for (const line of lines) {
    const [kind, ...words] = line.words;
    switch (kind) {
      case 'unseen':
        return undefined;
      case 'me':
        look.uid = numberOf(words[0]) ?? NaN;
        break;
      case 'taken':
        look.isSeen = true;
        look.taken = words.flatMap((word) => portOf(word) ?? []);
        break;
      case 'listener':
        look.listeners.push(readListener(line, hostName));
        break;
      case 'more':
        break;
      default:
        throw unexpected(hostName);
    }
  }
  const { uid, isSeen, ...others } = look;
  if (uid === undefined || Number.isNaN(uid) || !isSeen) {
    throw unexpected(hostName);
  }
  return { ...others, uid };
}

function readListener({ words, data }: Line, hostName: string): Listener {
  const [, address = '', portWord, uidWord, pid, ticks = '', parent, session, sessionTicks, operation] =
    words;
  const port = portOf(portWord);
  if (words.length !== 10 || port === undefined) {
    throw unexpected(hostName);
  }
  const uid = numberOf(uidWord);
  const [user = '', name = '', command = ''] = data.toString('utf8').split('\0').map(printable);
  const number = numberOf(pid);
  const holder: Holder | undefined =
    number === undefined || !/^[\w:]{1,64}$/.test(ticks)
      ? undefined
      : {
          pid: number,
          startTicks: ticks,
          ...defined('parent', numberOf(parent)),
          ...defined('session', numberOf(session)),
          ...defined('sessionTicks', said(sessionTicks)),
          ...defined('operation', said(operation)),
          name,
          command,
        };
  return {
    // Somebody listens there, whatever is to be made of the address.
    ...(/^[0-9a-f.:]{2,45}$/.test(address) && { address: shortAddress(address) }),
    port,
    ...defined('uid', uid),
    user,
    ...(holder && { holder }),
  };
}

const numberOf = (word = ''): number | undefined => (/^\d{1,10}$/.test(word) ? Number(word) : undefined);

function portOf(word: string | undefined): number | undefined {
  const port = numberOf(word);
  return port !== undefined && port >= 1 && port <= 65_535 ? port : undefined;
}

const said = (word = '-'): string | undefined => (word === '-' ? undefined : word.slice(0, 64));

const defined = <K extends keyof (Listener & Holder), T>(key: K, value: T | undefined): { [key in K]?: T } =>
  value === undefined ? {} : ({ [key]: value } as { [key in K]: T });

/** As one writes it: `::1`. */
function shortAddress(address: string): string {
  if (!address.includes(':')) {
    return address;
  }
  try {
    return new URL(`http://[${address}]/`).hostname.slice(1, -1);
  } catch {
    return address;
  }
}
