// Builds what ships (dist/) and, with --tests, what proves it (out/).
//   node esbuild.mjs                development build with source maps
//   node esbuild.mjs --production   minified, as packaged
//   node esbuild.mjs --watch        rebuilds on change
//   node esbuild.mjs --tests        the test suites and the testbed
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

/**
 * esbuild copies the names of a CommonJS namespace in each file that imports it, and VS Code's API has hundreds:
 * with one file between, they are copied once. Takes a third off the time that the extension takes to load.
 * @type {import('esbuild').Plugin}
 */
const vscodeOnce = {
  name: 'vscode-once',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'vscode-once'
        ? { path: 'vscode', external: true }
        : { path: 'vscode', namespace: 'vscode-once' },
    );
    onLoad({ filter: /^vscode$/, namespace: 'vscode-once' }, () => ({ contents: `export * from 'vscode';` }));
  },
};

/**
 * What is imported when it is needed (the engine, the SSH library, the database) gets files of its own, so that it costs
 * nothing at the start. esbuild splits ES modules only, VS Code loads CommonJS: so it splits, and each part is rewritten.
 * @type {import('esbuild').Plugin}
 */
const commonJsParts = {
  name: 'commonjs-parts',
  setup({ onEnd, initialOptions }) {
    const { minify, platform, sourcemap, target } = initialOptions;
    const rewritten = {
      ...{ minify, platform, target, sourcemap: Boolean(sourcemap) && 'inline', format: 'cjs' },
      supported: { 'dynamic-import': false },
    };
    onEnd(async ({ outputFiles = [] }) => {
      await mkdir('dist/parts', { recursive: true });
      await Promise.all(
        outputFiles.map(async ({ path, text }) =>
          writeFile(path, (await esbuild.transform(text, { ...rewritten, sourcefile: path })).code),
        ),
      );
    });
  },
};

/** @returns {import('esbuild').BuildOptions[]} */
function productTargets({ production }) {
  const common = { bundle: true, minify: production, sourcemap: !production, logLevel: 'warning' };
  return [
    {
      ...common,
      sourcemap: !production && 'inline',
      entryPoints: ['src/extension.ts'],
      outdir: 'dist',
      platform: 'node',
      format: 'esm',
      splitting: true,
      chunkNames: 'parts/[name]-[hash]',
      write: false,
      plugins: [vscodeOnce, commonJsParts],
      target: 'node20',
      // The native parts of ssh2 are optional and do not load in VS Code: it falls back to JavaScript.
      external: ['vscode', 'cpu-features', '*.node'],
      loader: { '.sh': 'text' },
    },
    {
      ...common,
      entryPoints: ['dashboard', 'detail', 'form'].flatMap((page) => [
        `webview/${page}/${page}.ts`,
        `webview/${page}/${page}.css`,
      ]),
      outdir: 'dist',
      entryNames: '[name]',
      platform: 'browser',
      format: 'iife',
      target: 'chrome120',
    },
  ];
}

/** @returns {import('esbuild').BuildOptions} */
function testTarget() {
  return {
    entryPoints: ['test/**/*.ts'],
    outdir: 'out',
    outbase: 'test',
    bundle: true,
    packages: 'external',
    external: ['vscode'],
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: true,
    loader: { '.sh': 'text' },
    logLevel: 'warning',
  };
}

async function copyWasm() {
  await mkdir('dist', { recursive: true });
  await copyFile('node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm');
}

export async function buildProduct({ production = false } = {}) {
  await rm('dist', { recursive: true, force: true });
  await Promise.all([copyWasm(), ...productTargets({ production }).map((target) => esbuild.build(target))]);
}

export async function buildTests() {
  await rm('out', { recursive: true, force: true });
  await esbuild.build(testTarget());
}

async function watch() {
  await copyWasm();
  const contexts = await Promise.all(
    productTargets({ production: false }).map((target) => esbuild.context({ ...target, logLevel: 'info' })),
  );
  await Promise.all(contexts.map((context) => context.watch()));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = new Set(process.argv.slice(2));
  if (flags.has('--watch')) {
    await watch();
  } else if (flags.has('--tests')) {
    await buildTests();
  } else {
    await buildProduct({ production: flags.has('--production') });
  }
}
