import * as l10n from '@vscode/l10n';

/** A line that tells why a program ended, and what it means. Groups of the pattern are the rule's values. */
export interface LogRule {
  id: string;
  patterns: readonly RegExp[];
  /** It means this only after one of these exit codes. */
  exitCodes?: readonly number[];
  /** Programs say this of much that they get over: it counts only where it is about the last that is said. */
  isOften?: true;
  /** It is not the program's own word, but that of who saw it killed. */
  isKilling?: true;
  title(values: readonly string[]): string;
}

const bytes = /^\d+$/u;
/** As the program said it; a bare count of bytes in GiB. */
const amount = (text: string): string =>
  bytes.test(text) ? `${(Number(text) / 1024 ** 3).toPrecision(3)} GiB` : text;

const withAmount =
  (none: () => string, some: (said: string) => string) =>
  ([text]: readonly string[]): string =>
    text ? some(amount(text)) : none();

/**
 * Of those that apply to a line the first counts. Sources: the messages of the programs themselves; which of them were
 * recorded is told in test/unit/operations/causes/golden/README.md.
 */
export const logRules: readonly LogRule[] = [
  {
    id: 'kernel-memory',
    isKilling: true,
    patterns: [
      /out of memory: kill(?:ed)? process/iu,
      /\boom[-_]kill(?:er|ed)?\b/iu,
      /\bOOM Killed\b/u,
      /Killed process \d+ .*(?:total-vm|anon-rss)/u,
    ],
    title: () => l10n.t('Memory ran out: the kernel killed it'),
  },
  {
    id: 'gpu-memory',
    patterns: [
      /CUDA out of memory\.? Tried to allocate ([\d.]+ ?[KMGT]?i?B)\b/iu,
      /CUDA(?: runtime)? (?:error|out)\b.*\bof memory|CUDA error: out of memory|CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|CUBLAS_STATUS_ALLOC_FAILED/iu,
      /HIP out of memory\. Tried to allocate ([\d.]+ ?[KMGT]?i?B)\b/iu,
    ],
    title: withAmount(
      () => l10n.t('GPU memory ran out'),
      (said) => l10n.t('GPU memory ran out: it tried to get {0} more', said),
    ),
  },
  {
    id: 'device-memory',
    patterns: [
      /RESOURCE_EXHAUSTED: Out of memory (?:while trying to allocate|allocating) (\d+)(?: bytes)?/u,
      /OOM when allocating tensor with shape/u,
      /RESOURCE_EXHAUSTED: Out of memory/u,
    ],
    title: withAmount(
      () => l10n.t('The memory of its device ran out'),
      (said) => l10n.t('The memory of its device ran out: it tried to get {0} more', said),
    ),
  },
  {
    id: 'memory',
    patterns: [
      /MemoryError: Unable to allocate ([\d.]+ [KMGT]?i?B)\b/u,
      /(?:can't|not enough) (?:allocate )?memory: you tried to allocate (\d+) bytes/iu,
      /memory allocation of (\d+) bytes failed/u,
      /(?:^|[\s.])MemoryError(?::|$)/u,
      /cannot allocate memory|std::bad_alloc|JavaScript heap out of memory|java\.lang\.OutOfMemoryError|fatal error: runtime: out of memory|memory exhausted\b/iu,
    ],
    title: withAmount(
      () => l10n.t('Memory ran out'),
      (said) => l10n.t('Memory ran out: it tried to get {0} more', said),
    ),
  },
  {
    id: 'disk-full',
    patterns: [/No space left on device\)?(?:: '([^']+)')?/iu, /\bENOSPC\b/u],
    title: ([path]) =>
      path
        ? l10n.t('The disk is full: there was no space left for "{0}"', path)
        : l10n.t('The disk is full: there was no space left on it'),
  },
  {
    id: 'disk-quota',
    patterns: [/disk quota exceeded/iu, /\bEDQUOT\b/u],
    title: () => l10n.t('The disk quota of its user is used up'),
  },
  {
    id: 'port-in-use',
    patterns: [
      /address already in use:? \S*?:(\d{1,5})\b/iu,
      /bind on address \('[^']*', (\d{1,5})/iu,
      /(?:listen|bind)\b\S* \S* ?\S*?:(\d{1,5})\b.*address already in use/iu,
      /\bport (\d{1,5})\b.* (?:is )?(?:already )?in use\b/iu,
      /address already in use|\bEADDRINUSE\b/iu,
    ],
    title: ([port]) =>
      port
        ? l10n.t('Port {0} is in use already', port)
        : l10n.t('The address that it is to listen on is in use already'),
  },
  {
    id: 'library-missing',
    patterns: [/error while loading shared libraries: ([^:\s]+): cannot open shared object file/u],
    title: ([library]) => l10n.t('The library "{0}" was not found', library ?? ''),
  },
  {
    id: 'module-missing',
    patterns: [/No module named '?([\w.]+)'?/u, /Cannot find (?:module|package) '([^']+)'/u],
    title: ([name]) => l10n.t('The module "{0}" was not found', name ?? ''),
  },
  {
    id: 'command-missing',
    exitCodes: [127],
    patterns: [
      /(?:^|: )([^\s:]+): (?:command )?not found$/u,
      /env: [‘'"]?([^’'":]+)[’'"]?: No such file or directory$/u,
      /(?:^|: )([^\s:]+): No such file or directory$/u,
    ],
    title: ([command]) => l10n.t('The command "{0}" was not found', command ?? ''),
  },
  {
    id: 'not-executable',
    exitCodes: [126],
    patterns: [
      /(?:^|: )([^\s:]+): (?:Permission denied|Is a directory)$/u,
      /(?:^|: )([^\s:]+): cannot execute\b/u,
      /(?:^|: )([^\s:]+): Exec format error$/u,
    ],
    title: ([command]) => l10n.t('"{0}" cannot be executed', command ?? ''),
  },
  {
    id: 'shell-syntax',
    exitCodes: [2],
    patterns: [
      // bash, busybox; dash.
      /: line \d+: syntax error:? (?:near )?(.+)$/u,
      /: \d+: Syntax error: (.+)$/u,
    ],
    title: ([said]) => l10n.t('The shell does not understand the command: {0}', said ?? ''),
  },
  {
    id: 'permission',
    isOften: true,
    patterns: [
      /\[Errno 13\] Permission denied: '([^']+)'/u,
      /EACCES: permission denied, \w+ '([^']+)'/u,
      /(?:^|: )([^\s:]*\/[^\s:]*): Permission denied$/u,
      /permission denied/iu,
    ],
    title: ([path]) =>
      path ? l10n.t('Permission denied for "{0}"', path) : l10n.t('Permission was denied to it'),
  },
  {
    id: 'file-missing',
    isOften: true,
    patterns: [
      /can't open file '([^']+)': \[Errno 2\]/u,
      /\[Errno 2\] No such file or directory: '([^']+)'/u,
      /ENOENT: no such file or directory, \w+ '([^']+)'/u,
      /(?:^|: )['‘]?([^\s:'’‘]+)['’]?: No such file or directory$/u,
    ],
    title: ([path]) => l10n.t('There is no "{0}"', path ?? ''),
  },
  {
    id: 'member-killed',
    isKilling: true,
    exitCodes: [137],
    // What bash says of a command that a signal ended.
    patterns: [/: line \d+: +\d+ Killed\b/u, /^Killed$/u],
    title: () => l10n.t('A process of it was killed (SIGKILL), probably because memory ran out'),
  },
  {
    id: 'python-error',
    // Found by pythonTraceback.ts.
    patterns: [],
    title: ([said]) => l10n.t('Python stopped at an error: {0}', said ?? ''),
  },
  {
    id: 'node-error',
    // Found by nodeCrash.ts.
    patterns: [],
    title: ([said]) => l10n.t('Node.js stopped at an error: {0}', said ?? ''),
  },
];

export const ruleNamed = (id: string | undefined): LogRule | undefined =>
  logRules.find((rule) => rule.id === id);

export interface Match {
  rule: LogRule;
  values: string[];
}

/** The rule that applies to a line, with what the line names. */
export function matchLine(line: string, exitCode: number): Match | undefined {
  for (const rule of logRules) {
    if (rule.exitCodes && !rule.exitCodes.includes(exitCode)) {
      continue;
    }
    for (const pattern of rule.patterns) {
      const found = pattern.exec(line);
      if (found) {
        return { rule, values: found.slice(1).filter((value) => value !== undefined) };
      }
    }
  }
  return undefined;
}
