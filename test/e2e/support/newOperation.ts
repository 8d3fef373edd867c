import type { Workbench } from './workbench';

export interface NewOperation {
  /** As the pickers name it. Default: a program. */
  type?: string;
  name: string;
  command: string;
  /** Of a server. */
  port?: number;
}

/** Starts an operation by the palette, where there is one host. */
export async function startOperation(window: Workbench, operation: NewOperation): Promise<void> {
  const { type = 'Program or script', name, command, port } = operation;
  const { quickInput } = window;
  await window.runCommand('Remote Operations: New Operation in the Palette...');
  await quickInput.step('What is it?');
  await quickInput.pick(type);
  await quickInput.waitForMessage(/command/);
  await quickInput.enter(command);
  if (type === 'Server') {
    await quickInput.waitForMessage(/port/);
    await quickInput.enter(port === undefined ? '' : String(port));
  }
  await quickInput.waitForMessage(/name/);
  await quickInput.enter(name);
}
