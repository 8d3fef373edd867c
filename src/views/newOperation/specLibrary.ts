import type * as vscode from 'vscode';
import { Emitter } from '../../emitter';
import { looksSecret } from '../../operations/secretName';
import { parseDraft, type Draft } from '../../operations/spec';
import type { Library, Template } from './protocol';

const keys = {
  templates: 'newOperation.templates',
  recent: 'newOperation.recent',
  lastHost: 'newOperation.lastHost',
} as const;

const mostRecent = 10;
const mostTemplates = 100;
/** VS Code keeps this in memory in every window. */
const mostCharacters = { recent: 20_000, template: 250_000 };

/** What forms can begin with: templates and what was submitted last, for every window. Secrets are not kept. */
export class SpecLibrary {
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(private readonly memento: vscode.Memento) {}

  get all(): Library {
    return { templates: this.#read(keys.templates), recent: this.#read(keys.recent) };
  }

  get lastHost(): string | undefined {
    const id = this.memento.get<unknown>(keys.lastHost);
    return typeof id === 'string' ? id : undefined;
  }

  has(name: string): boolean {
    return this.all.templates.some((template) => template.name === name);
  }

  /** Replaces the template of the same name. `false`: it is too large, or there are too many. */
  async save(name: string, draft: Draft): Promise<boolean> {
    const template = templateOf(name, draft);
    const others = this.all.templates.filter((other) => other.name !== name);
    if (sizeOf(template) > mostCharacters.template || others.length >= mostTemplates) {
      return false;
    }
    const sorted = [...others, template].sort((a, b) => a.name.localeCompare(b.name));
    await this.#write(keys.templates, sorted);
    return true;
  }

  async remove(name: string): Promise<void> {
    await this.#write(
      keys.templates,
      this.all.templates.filter((template) => template.name !== name),
    );
  }

  /** Keeps what was submitted, the same only once. */
  async remember(draft: Draft): Promise<void> {
    await this.memento.update(keys.lastHost, draft.hostId);
    const template = templateOf(draft.name ?? '', draft);
    if (sizeOf(template) <= mostCharacters.recent) {
      const text = JSON.stringify(template);
      const others = this.all.recent.filter((other) => JSON.stringify(other) !== text);
      await this.#write(keys.recent, [template, ...others].slice(0, mostRecent));
    }
  }

  async #write(key: string, templates: Template[]): Promise<void> {
    await this.memento.update(key, templates);
    this.#changed.fire();
  }

  #read(key: string): Template[] {
    const stored = this.memento.get<unknown>(key);
    return Array.isArray(stored) ? stored.flatMap((one) => readTemplate(one) ?? []) : [];
  }
}

function templateOf(name: string, draft: Draft): Template {
  const variables = Object.entries(draft.env ?? {});
  const secrets = variables.filter(([variable]) => looksSecret(variable)).map(([variable]) => variable);
  const open = variables.filter(([variable]) => !looksSecret(variable));
  const { env: _all, ...others } = draft;
  return { name, draft: { ...others, ...(open.length > 0 && { env: Object.fromEntries(open) }) }, secrets };
}

const sizeOf = (template: Template): number => JSON.stringify(template).length;

/** Another version may have stored it. */
function readTemplate(stored: unknown): Template | undefined {
  const { name, draft, secrets } = (stored ?? {}) as { name?: unknown; draft?: unknown; secrets?: unknown };
  const parsed = parseDraft(draft);
  return typeof name === 'string' && parsed && Array.isArray(secrets)
    ? { name, draft: parsed, secrets: secrets.filter((secret) => typeof secret === 'string') }
    : undefined;
}
