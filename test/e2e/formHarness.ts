/** The built form in a real browser. */
import type { Browser } from 'playwright-core';
import type { LaunchChoices } from '../../src/operations/operationView';
import type { FormHost, FormInit, ToForm, ToHost } from '../../src/views/newOperation/protocol';
import { newPage, WebviewPage, type OpenOptions } from './support/webviewHarness';

export const box: FormHost = {
  id: 'box',
  name: 'GPU box',
  address: 'me@gpu-box:22',
  state: 'connected',
  description: 'connected · 12 ms',
};

export const processOnly: LaunchChoices = {
  launchers: ['process'],
  partitions: [],
  accounts: [],
  groups: [],
};

export const cluster: LaunchChoices = {
  ...processOnly,
  launchers: ['process', 'slurm', 'pueue'],
  partitions: [
    { name: 'batch', isDefault: true, timeLimit: '1-00:00:00', gres: 'gpu:a100:4' },
    { name: 'plain', isDefault: false },
  ],
  accounts: [
    { name: 'physics', qos: ['normal', 'high'] },
    { name: 'biology', qos: ['normal'] },
  ],
  groups: [
    { name: 'default', parallel: 1, isPaused: false },
    { name: 'narrow', parallel: 2, isPaused: true },
  ],
};

export class FormPage extends WebviewPage<ToHost, ToForm> {
  static async open(
    this: void,
    browser: Browser,
    init: Partial<FormInit> = {},
    options: OpenOptions = {},
  ): Promise<FormPage> {
    const form = new FormPage(await newPage(browser, options));
    await form.load('form', options);
    await form.begin(init);
    return form;
  }

  async begin(init: Partial<FormInit> = {}): Promise<void> {
    await this.post({
      type: 'init',
      init: {
        title: 'New Operation',
        draft: {},
        hosts: [box],
        library: { templates: [], recent: [] },
        ...init,
      },
    });
  }

  offer(choices: LaunchChoices, hostId = 'box'): Promise<void> {
    return this.post({
      type: 'choices',
      hostId,
      choices,
      jobs: choices.launchers.includes('slurm') ? [{ name: 'pretrain', jobId: '41' }] : [],
    });
  }

  field(label: string) {
    return this.page.getByLabel(label, { exact: true }).and(this.page.locator(':visible'));
  }

  button(name: string) {
    return this.page.getByRole('button', { name, exact: true });
  }

  choose(label: string): Promise<void> {
    return this.page.getByRole('radio', { name: label, exact: true }).check();
  }

  /** What is said beside the field, and whether assistive technology is told that it is wrong. */
  async problemOf(label: string): Promise<string | undefined> {
    const control = this.field(label);
    if ((await control.getAttribute('aria-invalid')) !== 'true') {
      return undefined;
    }
    const ids = (await control.getAttribute('aria-describedby')) ?? '';
    return (await this.page.locator(`#${ids.split(' ').at(-1)}`).textContent()) ?? '';
  }

  async lastSubmitted() {
    const submitted = (await this.posted()).filter((message) => message.type === 'submit');
    return submitted.at(-1)?.draft;
  }
}
