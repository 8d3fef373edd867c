// Takes the place of VS Code's `@vscode/spdlog`, whose native part would need a compiler: without it
// nothing is logged and every output channel stays empty. Rotation is left out: test runs are short.
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'] as const;

export const version = 0;

export class Logger {
  #level = 0;
  #plain = false;

  constructor(
    _type: string,
    readonly name: string,
    readonly file: string,
  ) {
    mkdirSync(path.dirname(file), { recursive: true });
  }

  trace = (message: string) => this.#write(0, message);
  debug = (message: string) => this.#write(1, message);
  info = (message: string) => this.#write(2, message);
  warn = (message: string) => this.#write(3, message);
  error = (message: string) => this.#write(4, message);
  critical = (message: string) => this.#write(5, message);
  getLevel = () => this.#level;
  setLevel = (level: number) => (this.#level = level);
  clearFormatters = () => (this.#plain = true);
  setPattern() {}
  flush() {}
  drop() {}

  #write(level: number, message: string) {
    if (level < this.#level) {
      return;
    }
    const time = new Date().toISOString().replace('T', ' ').slice(0, -1);
    const text = this.#plain ? message : `${time} [${levels[level]}] ${message}\n`;
    try {
      appendFileSync(this.file, text);
    } catch {
      // The run's folder is gone: so is whoever would read it.
    }
  }
}

export const setLevel = () => {};
export const setFlushOn = () => {};
export const createRotatingLogger = (name: string, file: string) =>
  Promise.resolve(new Logger('rotating', name, file));
export const createAsyncRotatingLogger = createRotatingLogger;
