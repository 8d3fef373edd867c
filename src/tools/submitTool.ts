import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { OperationsService } from '../engine/operationsService';
import type { HostView } from '../operations/operationView';
import { hostLaunchers } from '../operations/operationView';
import type { SubmitSpec } from '../operations/operation';
import { parseSpec } from '../operations/spec';
import { operationTypes } from '../operations/status';
import { confirmationOf } from './confirmation';
import { operationRow, type RowService } from './operationRow';
import { checkedInput, hostText, namedHost } from './toolInput';
import { startConcerns } from './startConcerns';
import { type Confirmation, dataNote, type Tool, toolNames } from './tool';

/** A user must be able to read what they confirm. */
const longestCommand = 8_000;

/** The fields that a model may set: those that are shown when it is confirmed. The rules of each are `parseSpec`'s. */
const schema = v.strictObject({
  host: hostText,
  type: v.optional(v.picklist(operationTypes), 'program'),
  name: v.string(),
  command: v.pipe(v.string(), v.maxLength(longestCommand)),
  cwd: v.optional(v.string()),
  launcher: v.optional(v.picklist(hostLaunchers)),
  gpus: v.optional(v.number()),
  port: v.optional(v.number()),
  timeoutSeconds: v.optional(v.number()),
});

interface Wish {
  host: HostView;
  spec: SubmitSpec;
}

type SubmitService = RowService & Pick<OperationsService, 'submit' | 'checkOverload' | 'checkPorts' | 'get'>;

/** Starts a command on a host, once the user has seen and confirmed both. */
export const submitTool = (service: SubmitService): Tool => {
  const wishOf = (input: unknown): Wish => {
    const { host: named, ...fields } = checkedInput(schema, input);
    const host = namedHost(service.hosts(), named);
    return { host, spec: parseSpec({ hostId: host.id, ...fields }) };
  };
  return {
    name: toolNames.submit,
    progressText: () => l10n.t('Starting a remote operation'),
    confirmation: (input, concerns) => confirmation(wishOf(input), concerns),
    concerns(input) {
      const { host, spec } = wishOf(input);
      return startConcerns(service, host, spec);
    },
    async run(input) {
      const view = await service.submit(wishOf(input).spec);
      const operation = await operationRow(service, view);
      return () => ({
        note: dataNote,
        operation,
        ...(view.status === 'unconfirmed' && {
          next: 'No answer came: it is looked up, and started at most once. Do not submit it again; list it later.',
        }),
      });
    },
  };
};

function confirmation({ host, spec }: Wish, concerns: readonly string[] = []): Confirmation {
  const { name, command, cwd, launcher, gpus, port, timeoutSeconds } = spec;
  const place = host.address === host.name ? host.name : `${host.name} (${host.address})`;
  return confirmationOf(
    l10n.t('Start a command on a remote host?'),
    [
      [l10n.t('Host'), place],
      [l10n.t('What speaks against it now'), concerns.join('\n')],
      [l10n.t('Command'), command],
      [l10n.t('Folder'), cwd],
      [l10n.t('Name'), name],
      [l10n.t('Started with'), launcher],
      [l10n.t('GPUs'), gpus],
      [l10n.t('Port'), port],
      [l10n.t('Time limit in seconds'), timeoutSeconds],
    ],
    l10n.t('It runs under your account there, and goes on when VS Code is closed.'),
  );
}
