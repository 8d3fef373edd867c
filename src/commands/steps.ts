import * as vscode from 'vscode';

/** A question of several: resolves with the answer, `back` for the one before, `undefined` when closed. */
export type Answer<T> = { value: T } | 'back' | undefined;

export interface StepPlace {
  title: string;
  /** Where there are several. */
  step?: number;
  totalSteps?: number;
}

export type Question = (place: StepPlace) => Promise<Answer<unknown>>;

export function keep<T>(answer: Answer<T>, store: (value: T) => void): Answer<T> {
  if (answer !== undefined && answer !== 'back') {
    store(answer.value);
  }
  return answer;
}

export interface PickItem<T> extends vscode.QuickPickItem {
  /** Missing on an entry that only explains why what was typed is no answer. */
  value?: T;
}

export interface PickStep<T> extends StepPlace {
  placeholder: string;
  items: readonly PickItem<T>[];
  /** What was answered before, which Enter keeps. */
  selected?: T;
  /** Offers what was typed as an answer of its own; `undefined` when it is none. */
  fromText?: (text: string) => PickItem<T> | undefined;
}

export interface TextStep extends StepPlace {
  prompt: string;
  value?: string;
  placeholder?: string;
  /** A sentence when the text cannot be accepted. */
  problem: (text: string) => string | undefined;
  /** Gets what was typed when the user goes back, so that it is there again afterwards. */
  onBack?: (text: string) => void;
}

export function askPick<T>(step: PickStep<T>): Promise<Answer<T>> {
  const pick = vscode.window.createQuickPick<PickItem<T>>();
  pick.placeholder = step.placeholder;
  pick.items = step.items;
  pick.activeItems = step.items.filter(({ value }) => step.selected !== undefined && value === step.selected);
  pick.matchOnDescription = true;
  pick.onDidChangeValue((text) => {
    const own = text.trim() === '' ? undefined : step.fromText?.(text.trim());
    pick.items = own ? [...step.items, own] : step.items;
  });
  return ask(pick, step, (accept) =>
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item?.value !== undefined) {
        accept(item.value);
      }
    }),
  );
}

export function askText(step: TextStep): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  input.prompt = step.prompt;
  input.value = step.value ?? '';
  input.placeholder = step.placeholder;
  // No complaint before anything was typed.
  input.onDidChangeValue((text) => (input.validationMessage = step.problem(text)));
  return ask(input, step, (accept) => {
    input.onDidTriggerButton(() => step.onBack?.(input.value));
    return input.onDidAccept(() => {
      input.validationMessage = step.problem(input.value);
      if (!input.validationMessage) {
        accept(input.value);
      }
    });
  });
}

function ask<T>(
  input: vscode.QuickPick<PickItem<T>> | vscode.InputBox,
  { title, step = 1, totalSteps = 1 }: StepPlace,
  onAccept: (accept: (value: T) => void) => vscode.Disposable,
): Promise<Answer<T>> {
  input.title = title;
  if (totalSteps > 1) {
    input.step = step;
    input.totalSteps = totalSteps;
  }
  // What was typed must survive a look at the terminal or at another window.
  input.ignoreFocusOut = true;
  input.buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
  return new Promise((resolve) => {
    const settle = (answer: Answer<T>) => {
      resolve(answer);
      input.dispose();
    };
    onAccept((value) => settle({ value }));
    input.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) {
        settle('back');
      }
    });
    input.onDidHide(() => settle(undefined));
    input.show();
  });
}
