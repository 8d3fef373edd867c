// Takes the place of VS Code's `@vscode/native-watchdog`, whose native part would need a compiler: ends
// the extension host when the server that started it is gone.
export function start(parent: number): void {
  setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch {
      process.exit(87);
    }
  }, 1000).unref();
}

export const exit = (code = 0): never => process.exit(code);
