import type { Operation } from '../operations/operation';
import type { Asker } from '../hosts/questions';
import type { Attended } from './attended';
import type { EngineContext } from './context';
import type { LogMatches, LogReading, LogSearch, LogText } from './operationsService';

const [defaultBytes, mostBytes] = [256 * 1024, 4 * 1024 * 1024];

/** Reads the logs of operations from their hosts. */
export class Logs {
  constructor(
    private readonly context: EngineContext,
    private readonly attended: Attended,
  ) {}

  async read(operation: Operation, range: LogReading, asker?: Asker): Promise<LogText> {
    const { hosts, launchers } = this.context;
    const { hostId } = operation.spec;
    const maxBytes = Math.min(mostBytes, Math.max(1, Math.round(range.maxBytes ?? defaultBytes)));
    const offset = Math.round(range.offset ?? -maxBytes);
    const launcher = launchers.of(operation);
    const read = () =>
      launcher.log(hosts.machine(hostId), hosts.nameOf(hostId), operation, { offset, maxBytes });
    const found = await (range.mayAsk === false ? read() : this.attended.run([hostId], asker, read));
    return found ?? { text: '', offset: 0, end: 0, size: 0, isMissing: true };
  }

  async search(operation: Operation, query: LogSearch, asker?: Asker): Promise<LogMatches> {
    const { hosts, launchers } = this.context;
    const { hostId } = operation.spec;
    // It knows the run directories of all launchers.
    const { process } = launchers;
    const found = await this.attended.run([hostId], asker, async () =>
      process.searchLog?.(hosts.machine(hostId), hosts.nameOf(hostId), operation, query),
    );
    return found ?? { matches: [], isWhole: true, offset: 0, size: 0 };
  }
}
