import * as v from 'valibot';
import { hostLaunchers } from '../operations/operationView';
import { localHost, type HostConfig } from './machine';

const entry = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  host: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  user: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))),
  identityFile: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
  maxConcurrent: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  launchers: v.optional(v.pipe(v.array(v.picklist(hostLaunchers)), v.minLength(1))),
});

const schema = v.pipe(
  entry,
  v.check(
    ({ host, user, port, identityFile }) =>
      host !== localHost || (user ?? port ?? identityFile) === undefined,
    `"${localHost}" is this computer, reached without SSH: it takes no user, port or identityFile`,
  ),
);

export interface HostConfigs {
  hosts: HostConfig[];
  /** What was left out, in words for the user. */
  problems: string[];
}

/** Reads the setting `remoteOps.hosts`. An entry that is not valid is left out, never guessed at. */
export function readHostConfigs(setting: unknown): HostConfigs {
  const hosts = new Map<string, HostConfig>();
  const problems: string[] = [];
  for (const [at, entry] of (Array.isArray(setting) ? setting : []).entries()) {
    const result = v.safeParse(schema, entry);
    const where = `Entry ${at + 1} of the setting remoteOps.hosts`;
    if (!result.success) {
      const issue = result.issues[0];
      problems.push(`${where} is not used: ${v.getDotPath(issue) ?? 'entry'}: ${issue.message}`);
    } else if (hosts.has(result.output.id)) {
      problems.push(`${where} is not used: the id "${result.output.id}" is there twice.`);
    } else {
      hosts.set(result.output.id, result.output as HostConfig);
    }
  }
  return { hosts: [...hosts.values()], problems };
}
