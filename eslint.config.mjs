import tseslint from 'typescript-eslint';

/** A zone: which files may not import what, and why. Types of `vscode` are free everywhere. */
const zone = (files, message, ...group) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        paths: [{ name: 'vscode', message: 'vscode stays at the edge.', allowTypeImports: true }],
        patterns: [{ group, message }],
      },
    ],
  },
});

const upper = ['**/engine/**', '**/views/**', '**/commands/**', '**/windows/**'];

export default tseslint.config(
  { ignores: ['dist', 'out', 'node_modules'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', 'test/*.mjs', 'test/testbed/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[property.name=/^show(Information|Warning|Error)Message$/]',
          message: 'Words of hosts and users must not become links: use views/messages.ts.',
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['test/**', '**/*.mjs'], rules: { 'no-console': 'off', 'no-restricted-syntax': 'off' } },
  { files: ['src/views/messages.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['src/hosts/**', 'src/launchers/**'],
    ignores: ['src/hosts/scriptRun.ts', 'src/hosts/conversation.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          // A regular expression takes one argument.
          selector: "CallExpression[callee.property.name='exec'][arguments.length>1]",
          message: 'Command lines are made by quote.ts and sent by scriptRun.ts and conversation.ts only.',
        },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/hosts/{localShell,portUser,processStream,sshProgram,transportCommand}.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { name: 'node:child_process', message: 'Programs are started by few files of hosts/, with care.' },
      ],
    },
  },
  zone(['src/operations/*'], 'operations/ is pure: it imports nothing of ours.', '../*'),
  zone(['src/operations/*/**'], 'operations/ is pure: it imports nothing of ours.', '../../*'),
  zone(
    ['src/hosts/**'],
    'Data flows hosts -> launchers -> engine -> views.',
    '**/launchers/**',
    '**/store/**',
    ...upper,
  ),
  zone(['src/launchers/**'], 'Data flows hosts -> launchers -> engine -> views.', '**/store/**', ...upper),
  zone(['src/store/**'], 'The store knows the domain only.', '**/hosts/**', '**/launchers/**', ...upper),
  zone(['src/engine/**'], 'The engine does not know who looks at it.', '**/views/**', '**/commands/**'),
  {
    files: ['src/views/**', 'src/commands/**', 'src/tools/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/launchers/**', '**/store/**', '**/engine/*', '!**/engine/operationsService'],
              message: 'Views, commands and tools know OperationsService and nothing else of the engine.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['webview/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['../src/*', '!../src/views', '!../src/operations'],
              message: 'The webview shares the protocol and the pure domain, nothing else.',
            },
          ],
        },
      ],
    },
  },
);
