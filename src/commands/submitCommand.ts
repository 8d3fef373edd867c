import * as vscode from 'vscode';
import type { OperationsService } from '../engine/operationsService';
import { commands } from '../ids';
import type { SubmitSpec } from '../operations/operation';
import type { LaunchChoices, OperationView } from '../operations/operationView';
import { fieldProblem } from '../operations/spec';
import { isTerminal, operationTypes } from '../operations/status';
import { showError, showInformation, showWarning } from '../views/messages';
import { typeIcon } from '../views/operationIcon';
import { typeText } from '../views/operationText';
import { HostChoices } from './hostChoices';
import { launchQuestions, type ClusterFacts } from './slurmQuestions';
import { askPick, askText, keep, type Question, type StepPlace } from './steps';
import type { Handlers } from './registerAll';
import { withProgress } from './withProgress';

/** What is not asked about is kept. */
export type Draft = Partial<SubmitSpec>;

export function submitCommands(service: OperationsService): Handlers {
  return {
    submit: async () => {
      // Right after the start the hosts are not known yet: this waits until they are.
      await service.list({ sync: false });
      if (service.hosts().length === 0) {
        await vscode.commands.executeCommand(commands.addHost);
        if (service.hosts().length === 0) {
          return;
        }
      }
      await askAndSubmit(service, {}, vscode.l10n.t('New Operation'));
    },
  };
}

/** Asks for what a draft lacks, or is to be changed in it, and submits it; again, as long as it fails and is edited. */
export async function askAndSubmit(service: OperationsService, draft: Draft, title: string): Promise<void> {
  for (;;) {
    const spec = await askForSpec(service, draft, title);
    if (!spec || (await start(spec.name, () => service.submit(spec))) !== 'edit') {
      return;
    }
  }
}

/** Resolves with `edit` when it failed and the user wants to change it and try again. */
export async function start(name: string, act: () => Promise<OperationView>): Promise<'edit' | undefined> {
  const title = vscode.l10n.t('Starting "{0}"...', name);
  const view = await withProgress({ title }, act);
  if (view.status === 'failed') {
    const edit = vscode.l10n.t('Edit and Retry');
    const text = vscode.l10n.t('"{0}" was not started. {1}', view.name, view.error ?? '');
    return (await showError(text, edit)) === edit ? 'edit' : undefined;
  }
  if (view.status === 'queued') {
    void showInformation(
      vscode.l10n.t('"{0}" is queued: it {1}. It starts by itself.', view.name, view.waitsFor ?? ''),
    );
  }
  if (view.status === 'unconfirmed') {
    void showWarning(
      vscode.l10n.t(
        'No answer came when "{0}" was started. It is looked up, and is started at most once.',
        view.name,
      ),
    );
  }
  return undefined;
}

/** One question after the other, with a way back. `undefined`: the user left. */
async function askForSpec(
  service: OperationsService,
  draft: Draft,
  title: string,
): Promise<SubmitSpec | undefined> {
  const choices = new HostChoices(service);
  let at = 0;
  for (;;) {
    const questions = questionsFor(service, draft, choices.of(draft.hostId));
    const question = questions[at];
    if (!question && draft.hostId !== undefined && !choices.of(draft.hostId)) {
      await choices.wait(draft.hostId);
      continue;
    }
    if (!question) {
      return draft as SubmitSpec;
    }
    const place: StepPlace = {
      title,
      step: at + 1,
      totalSteps: questions.length,
    };
    const answer = await question(place);
    if (answer === undefined) {
      return undefined;
    }
    at += answer === 'back' ? -1 : 1;
  }
}

/** Those on how it is started come last: until the host has told, they are not known. */
function questionsFor(
  service: OperationsService,
  draft: Draft,
  choices: LaunchChoices | undefined,
): Question[] {
  const hosts = service.hosts();
  const [only] = hosts;
  const askHost: Question = async (place) =>
    keep(
      await askPick({
        ...place,
        placeholder: vscode.l10n.t('On which host?'),
        items: hosts.map(({ id, name, address }) => ({ label: name, description: address, value: id })),
        ...(draft.hostId !== undefined && { selected: draft.hostId }),
      }),
      (hostId) => (draft.hostId = hostId),
    );
  const askType: Question = async (place) =>
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
        if (draft.type !== undefined && draft.type !== type) {
          delete draft.port;
        }
        draft.type = type;
      },
    );
  if (hosts.length === 1 && only) {
    draft.hostId = only.id;
  }
  return [
    ...(hosts.length === 1 ? [] : [askHost]),
    askType,
    textQuestion(draft, 'name', vscode.l10n.t('A name to recognise it by')),
    commandQuestion(draft),
    ...(draft.type === 'server' ? [portQuestion(draft)] : []),
    ...(choices ? launchQuestions(draft, choices, clusterFacts(service, draft.hostId ?? '')) : []),
  ];
}

const clusterFacts = (service: OperationsService, hostId: string): ClusterFacts => ({
  active: service
    .operations()
    .filter(
      ({ hostId: where, launcher, status, handle }) =>
        where === hostId && launcher === 'slurm' && !isTerminal(status) && /^\d+$/.test(handle ?? ''),
    ),
  readScript: (script) => service.batchDirectives(hostId, script),
});

const textQuestion =
  (draft: Draft, field: 'name' | 'command', prompt: string): Question =>
  async (place) =>
    keep(
      await askText({
        ...place,
        prompt,
        ...(draft[field] !== undefined && { value: draft[field] }),
        problem: (text) => fieldProblem(field, text),
        onBack: (text) => (draft[field] = text),
        ...(field === 'command' && { fromEditor: true }),
      }),
      (text) => (draft[field] = text),
    );

/** An input box would make one line of several: those are kept as they are, or replaced as a whole. */
const commandQuestion = (draft: Draft): Question => {
  const ask = textQuestion(draft, 'command', vscode.l10n.t('The command, as you would type it on the host'));
  return async (place) => {
    const lines = draft.command?.trim().split('\n') ?? [];
    if (lines.length < 2) {
      return ask(place);
    }
    const answer = await askPick<'keep' | 'replace'>({
      ...place,
      placeholder: vscode.l10n.t('Its command has {0} lines', lines.length),
      items: [
        { label: vscode.l10n.t('Keep the Command'), description: lines[0] ?? '', value: 'keep' },
        { label: vscode.l10n.t('Replace It'), value: 'replace' },
      ],
    });
    if (answer === undefined || answer === 'back' || answer.value === 'keep') {
      return answer;
    }
    const { command } = draft;
    delete draft.command;
    const replaced = await ask(place);
    if ((replaced === undefined || replaced === 'back') && command !== undefined) {
      draft.command = command;
    }
    return replaced;
  };
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
