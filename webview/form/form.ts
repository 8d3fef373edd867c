/** Wires the form: what is known comes in, what is typed and wanted goes out. */
import '../shared/l10n';
import * as l10n from '@vscode/l10n';
import { isPort } from '../../src/operations/portList';
import type { FormInit, FormValues, Selection, ToForm } from '../../src/views/newOperation/protocol';
import { element, foreignText, setForeignText, setHidden, setText } from '../shared/dom';
import { createButton, registerButtons } from '../shared/toolkit';
import { stateOf, type Known } from './formState';
import { keepNow, post, recall, remember } from './host';
import { layOut } from './layout';
import { StartFrom } from './startFrom';
import { SubmitBar } from './submitBar';
import { emptyValues, valuesFrom } from './values';

registerButtons();

const root = document.getElementById('root') ?? document.body;
const known: Known & { told: Map<string, NonNullable<ReturnType<Known['told']['get']>>> } = {
  values: emptyValues(),
  hosts: [],
  told: new Map(),
};
const touched = new Set<string>();
let left: FormValues | undefined;
let isEdited = false;
let isSubmitting = false;
let problem: string | undefined;
let selection: Selection | undefined;

const title = element('h1', 'title');
const note = foreignText('div', 'note');
const layout = layOut({
  change: (edit) => {
    edit(known.values);
    noteEdit();
    draw();
  },
  touch: (field) => touched.add(field),
  isTouched: (field) => touched.has(field),
});
const startFrom = new StartFrom({ current: () => known.values, fill });
const useSelection = createButton({
  label: l10n.t('Use the Selection of the Editor'),
  appearance: 'secondary',
  onClick: () => {
    known.values.texts.command = selection?.text ?? known.values.texts.command;
    touched.add('command');
    selection = undefined;
    noteEdit();
    draw();
  },
});
const bar = new SubmitBar({ submit, save: saveTemplate });
const fields = element('form', 'fields', startFrom.element, useSelection, ...layout.elements);
fields.addEventListener('submit', (event) => event.preventDefault());
const main = element('main', 'main', title, note, fields, bar.element);

function draw(): void {
  const state = stateOf(known);
  for (const part of layout.parts) {
    part.update(state);
  }
  setHidden(useSelection, selection === undefined);
  bar.show(isSubmitting, problem);
  // What was submitted must not be changed meanwhile: it would be lost when the panel closes.
  fields.inert = isSubmitting;
  askWhatIsMissing(state);
  askWhoHasPort(state);
}

/** Each host and each batch script is asked about once, and again when it may answer by now. */
function askWhatIsMissing({ host, told, script, directives }: ReturnType<typeof stateOf>): void {
  if (host && told === undefined) {
    known.told.set(host.id, { kind: 'asking' });
    post({ type: 'askChoices', hostId: host.id });
  }
  const key = `${host?.id}\n${script}`;
  if (host && script !== undefined && directives === undefined && key !== askedScript) {
    askedScript = key;
    window.clearTimeout(scriptTimer);
    // Not at every letter of its path.
    scriptTimer = window.setTimeout(() => {
      post({ type: 'askDirectives', hostId: host.id, script });
    }, 400);
  }
}
let askedScript = '';

/** Who has the port is asked of a host that is connected, and not at every digit. What Slurm starts runs elsewhere. */
function askWhoHasPort({ host, launcher, draft: { port } }: ReturnType<typeof stateOf>): void {
  const isKnowable = host?.state === 'connected' && launcher !== 'slurm' && isPort(port);
  const key = isKnowable ? `${host.id}\n${port}` : '';
  if (key === askedPort) {
    return;
  }
  askedPort = key;
  window.clearTimeout(portTimer);
  if (isKnowable) {
    portTimer = window.setTimeout(() => post({ type: 'askPort', hostId: host.id, port }), 400);
  }
}
let askedPort = '';
let portTimer: number | undefined;

let scriptTimer: number | undefined;

/** What is filled in may say at once what is wrong with it; what is empty waits until it is touched. */
function fill(values: FormValues): void {
  known.values = values;
  for (const [field, text] of Object.entries(values.texts)) {
    if (text !== '') {
      touched.add(field);
    }
  }
  values.env.forEach((_, index) => touched.add(`env.${index}`));
  remember({ values, isEdited });
  draw();
  layout.unfold();
}

/** Only what the user did is worth keeping when the form is closed. */
function noteEdit(): void {
  isEdited = true;
  remember({ values: known.values, isEdited });
}

/** Puts the keyboard at the first thing that is wrong. `true`: there is something. */
function focusProblem(isComplete: boolean): boolean {
  const state = stateOf(known);
  const wrong = [...state.problems.keys()].filter((field) => isComplete || touched.has(field));
  wrong.forEach((field) => touched.add(field));
  draw();
  layout.parts.some((part) => wrong.some((field) => part.focus?.(field) ?? false));
  return wrong.length > 0;
}

function submit(): void {
  if (isSubmitting || focusProblem(true)) {
    return;
  }
  const { draft } = stateOf(known);
  keepNow();
  isSubmitting = true;
  problem = undefined;
  draw();
  post({ type: 'submit', draft });
}

/** A template may lack what a submission needs, but what it has must be right. */
function saveTemplate(): void {
  const { texts, env } = known.values;
  Object.entries(texts).forEach(([field, text]) => text !== '' && touched.add(field));
  env.forEach((_, index) => touched.add(`env.${index}`));
  if (focusProblem(false)) {
    return;
  }
  const { draft } = stateOf(known);
  const said = Object.entries(draft).filter(([, value]) => value !== '');
  post({ type: 'saveTemplate', draft: Object.fromEntries(said) });
}

function begin(init: FormInit): void {
  setText(title, init.title);
  setForeignText(note, init.note);
  known.hosts = init.hosts;
  left = init.left;
  ({ selection } = init);
  isSubmitting = init.isSubmitting ?? false;
  ({ problem } = init);
  startFrom.update(init.library, left);
  const kept = recall();
  isEdited = kept?.isEdited ?? false;
  const before = init.values ?? kept?.values;
  const values = before ?? valuesFrom(init.draft, init.secrets);
  const [only] = init.hosts;
  if (values.texts.hostId === '' && init.hosts.length === 1 && only) {
    values.texts.hostId = only.id;
  }
  if (!root.contains(main)) {
    root.replaceChildren(main);
  }
  known.values = values;
  if (before !== undefined || Object.keys(init.draft).some((field) => field !== 'hostId')) {
    fill(values);
  } else {
    draw();
    layout.parts.some((part) => part.focus?.('command') ?? false);
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToForm>) => {
  switch (data.type) {
    case 'init':
      begin(data.init);
      return;
    case 'hosts':
      for (const { id, state } of data.hosts) {
        const before = known.hosts.find((host) => host.id === id)?.state;
        if (state === 'connected' && before !== state && known.told.get(id)?.kind !== 'choices') {
          known.told.delete(id);
        }
      }
      known.hosts = data.hosts;
      break;
    case 'library':
      startFrom.update(data.library, left);
      return;
    case 'choices':
      known.told.set(data.hostId, { kind: 'choices', choices: data.choices, jobs: data.jobs });
      break;
    case 'noChoices':
      known.told.set(data.hostId, { kind: 'silent', problem: data.problem });
      break;
    case 'directives':
      known.directives = data;
      if (data.problem !== undefined) {
        touched.add('command');
      }
      break;
    case 'port':
      known.port = data;
      break;
    case 'folder':
      known.values.texts.uploadFrom = data.path;
      noteEdit();
      break;
    case 'selection':
      ({ selection } = data);
      break;
    case 'resumed':
      isSubmitting = false;
      draw();
      bar.focusSubmit();
      return;
    case 'refused':
      isSubmitting = false;
      ({ problem } = data);
      draw();
      bar.focusProblem();
      return;
  }
  draw();
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    submit();
  }
});

post({ type: 'ready' });
