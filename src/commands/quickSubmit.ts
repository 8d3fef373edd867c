import * as vscode from 'vscode';
import type { HostView } from '../operations/operationView';
import { defaultName } from '../operations/defaultName';
import { batchScriptOf } from '../operations/slurmOptions';
import { fieldProblem, type Draft } from '../operations/spec';
import { operationTypes } from '../operations/status';
import { typeText } from '../operations/typeText';
import { hostDescription } from '../views/hostText';
import { typeIcon } from '../views/operationIcon';
import { withoutIcons } from '../views/plainText';
import { askPick, askText, keep, type Question, type StepPlace } from './steps';

/** Asks for the few things that a simple operation needs, one after the other. `undefined`: the user left. */
export async function askQuickly(hosts: readonly HostView[], draft: Draft): Promise<Draft | undefined> {
  const title = vscode.l10n.t('New Operation');
  let at = 0;
  for (;;) {
    const questions = questionsFor(hosts, draft);
    const question = questions[at];
    if (!question) {
      const { name = '', command = '' } = draft;
      return { ...draft, name: name.trim() || defaultName(command) || command.trim() };
    }
    const place: StepPlace = { title, step: at + 1, totalSteps: questions.length };
    const answer = await question(place);
    if (answer === undefined) {
      return undefined;
    }
    at += answer === 'back' ? -1 : 1;
  }
}

/** A batch script, which has questions of its own: the form asks them. */
export const needsForm = ({ command }: Draft, host: HostView | undefined): boolean =>
  batchScriptOf(command) !== undefined && (host?.launchers?.includes('slurm') ?? true);

function questionsFor(hosts: readonly HostView[], draft: Draft): Question[] {
  const [only] = hosts;
  if (hosts.length === 1 && only) {
    draft.hostId = only.id;
  }
  return [
    ...(hosts.length === 1 ? [] : [hostQuestion(hosts, draft)]),
    typeQuestion(draft),
    commandQuestion(draft),
    ...(draft.type === 'server' ? [portQuestion(draft)] : []),
    nameQuestion(draft),
  ];
}

const hostQuestion =
  (hosts: readonly HostView[], draft: Draft): Question =>
  async (place) =>
    keep(
      await askPick({
        ...place,
        placeholder: vscode.l10n.t('On which host?'),
        items: hosts.map((host) => ({
          label: withoutIcons(host.name),
          description: withoutIcons(hostDescription(host)),
          value: host.id,
        })),
        ...(draft.hostId !== undefined && { selected: draft.hostId }),
      }),
      (hostId) => (draft.hostId = hostId),
    );

const typeQuestion =
  (draft: Draft): Question =>
  async (place) =>
    keep(
      await askPick({
        ...place,
        placeholder: vscode.l10n.t('What is it?'),
        items: operationTypes.map((type) => ({
          label: typeText(type),
          iconPath: typeIcon(type),
          value: type,
        })),
        ...(draft.type !== undefined && { selected: draft.type }),
      }),
      (type) => {
        if (type !== 'server') {
          delete draft.port;
        }
        draft.type = type;
      },
    );

const commandQuestion =
  (draft: Draft): Question =>
  async (place) =>
    keep(
      await askText({
        ...place,
        prompt: vscode.l10n.t('The command, as you would type it on the host'),
        ...(draft.command !== undefined && { value: draft.command }),
        problem: (text) => fieldProblem('command', text),
        onBack: (text) => (draft.command = text),
      }),
      (text) => (draft.command = text),
    );

/** Last, as the command says what it may be called. */
const nameQuestion =
  (draft: Draft): Question =>
  async (place) => {
    const madeFromCommand = defaultName(draft.command ?? '');
    return keep(
      await askText({
        ...place,
        prompt: vscode.l10n.t('A name to recognise it by; left empty, it is that of the program'),
        value: draft.name ?? madeFromCommand,
        problem: (text) => (text.trim() === '' ? undefined : fieldProblem('name', text)),
        onBack: (text) => {
          // What was only offered changes with the command.
          if (text === madeFromCommand) {
            delete draft.name;
          } else {
            draft.name = text;
          }
        },
      }),
      (text) => (draft.name = text),
    );
  };

const portQuestion =
  (draft: Draft): Question =>
  async (place) =>
    keep(
      await askText({
        ...place,
        prompt: vscode.l10n.t('The port that the server listens on; leave it empty if there is none'),
        placeholder: '8080',
        ...(draft.port !== undefined && { value: String(draft.port) }),
        problem: (text) => (text.trim() === '' ? undefined : fieldProblem('port', Number(text))),
      }),
      (text) => {
        if (text.trim() === '') {
          delete draft.port;
        } else {
          draft.port = Number(text);
        }
      },
    );
