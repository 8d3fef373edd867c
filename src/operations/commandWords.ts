import { looksSecret } from './secretName';
import { shellWord } from './shellWord';

const mask = '***';
const longestCommand = 1000;

/**
 * The words of a command line as a line for a shell, in which what looks like a secret is masked: values of options and
 * variables with such a name, passwords in addresses, and long words of random letters and digits.
 */
export function maskedCommand(words: readonly string[]): string {
  let isSecretNext = false;
  const masked = words.map((word) => {
    const isValue = isSecretNext && !word.startsWith('-');
    isSecretNext = /^--?[A-Za-z]/.test(word) && !word.includes('=') && looksSecret(optionName(word));
    return isValue ? mask : maskedWord(word);
  });
  const line = masked.map(asShellWord).join(' ');
  return line.length > longestCommand ? `${line.slice(0, longestCommand - 1)}…` : line;
}

function maskedWord(word: string): string {
  const [, name, value] = /^(-{0,2}[A-Za-z_][\w.-]*)=(.*)$/s.exec(word) ?? [];
  if (name !== undefined && value !== undefined) {
    return `${name}=${looksSecret(optionName(name)) ? mask : maskedValue(value)}`;
  }
  return maskedValue(word);
}

const maskedValue = (value: string): string =>
  value
    .replace(/(\w+:\/\/)[^/@\s]*@/g, `$1${mask}@`)
    .replace(/((?:bearer|basic|token)\s+)\S+/gi, `$1${mask}`)
    .replace(/[A-Za-z0-9_-]{24,}/g, (run) => (isRandom(run) ? mask : run));

/** Words of people have their digits at the end or none; what a machine made has them in between. */
const isRandom = (run: string): boolean => (run.match(/\d+/g) ?? []).length >= 3 && /[A-Za-z]/.test(run);

const optionName = (word: string): string => word.replace(/^-+/, '').replaceAll('-', '_');

const asShellWord = (word: string): string =>
  /^[A-Za-z0-9_./:=,@%+*-]+$/.test(word) ? word : shellWord(printableWord(word));

/** One line, nothing that a terminal would act on. */
const printableWord = (word: string): string => word.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');

const interpreters =
  /^(python|pypy|node|nodejs|ruby|perl|php|java|bash|sh|dash|zsh|deno|bun|Rscript|julia)[\d.]*$/;

/** What a person would call a program: the script or module that an interpreter runs, else its own name. */
export function programName(words: readonly string[]): string {
  const [program = '', ...rest] = words;
  const own = baseName(program);
  if (!interpreters.test(own)) {
    return own;
  }
  const at = rest.findIndex((word) => /^-(m|jar)$/.test(word) || !word.startsWith('-'));
  const first = rest[at];
  if (first === undefined || rest.slice(0, at).some((word) => /^-[ce]$/.test(word))) {
    return own;
  }
  const named = /^-(m|jar)$/.test(first) ? (rest[at + 1] ?? own) : first;
  return baseName(named) || own;
}

const baseName = (path: string): string =>
  printableWord(path.replace(/\/+$/, '').split('/').at(-1) ?? '')
    .replace(/^-/, '')
    .slice(0, 80);
