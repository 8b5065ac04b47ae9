/** Bundles the plugin: what the launcher, the npm package and the binaries run. */
import { readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'
import { parse } from '../src/cli/line/parser.ts'
import { COMMANDS } from '../src/cli/line/verbs.ts'
import { REQUIRE, writeScripts } from './core-scripts.ts'

/** The program's first module, in `dist/`. */
export const ENTRY = 'kubectl-rollouts_group.mjs'

/** What is started: it prints what is known without the program, or loads it. */
export const START = 'start.cjs'

/** What loads the program beside it. */
export const FROM_FILES = 'from-files.cjs'

/** What a binary of Node's starts with. */
export const SEA_MAIN = 'sea-main.cjs'

/** What a binary of Bun's starts with. */
export const BUN_MAIN = 'bun-main.cjs'

/** esbuild's account of what is in the bundle. */
export const METAFILE = 'dist/meta.json'

/**
 * Help texts are ASCII: yargs gets the string-width of cli-table3, since its own compiles 18 ms of Unicode tables at
 * every start.
 */
const lightStringWidth: Plugin = {
  name: 'light-string-width',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      /node_modules[\\/](yargs|cliui)[\\/]/.test(importer)
        ? { path: resolve('node_modules/string-width/index.js') }
        : undefined,
    ),
}

/** yargs speaks English here: it need not look for its translations on the disk of whoever runs it. */
const noTranslations: Plugin = {
  name: 'no-translations',
  setup: ({ onLoad }) =>
    onLoad({ filter: /y18n[\\/]build[\\/]lib[\\/]platform-shims[\\/]node\.js$/ }, () => ({
      contents:
        'import { format } from "node:util"; import { resolve } from "node:path"; export default { fs: {}, format, resolve, exists: () => false }',
    })),
}

/**
 * What lays out help and tables has no outputs to look at: it is told its columns, and a pipe that is looked at is left
 * to others in a state in which they fail as soon as it is full (src/cli/terminal/stream.ts).
 */
const noOutputs: Plugin = {
  name: 'no-outputs',
  setup: ({ onLoad }) =>
    onLoad({ filter: /node_modules[\\/](yargs|cliui|@colors)[\\/].*\.m?js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(/\bprocess\.std(out|err)\b/g, '({})'),
    })),
}

/** Ink asks for React's developer tools with DEV, and waits for them where it is loaded. */
const noDevtools: Plugin = {
  name: 'no-devtools',
  setup: ({ onLoad }) =>
    onLoad({ filter: /ink[\\/]build[\\/]reconciler\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll("process.env['DEV'] === 'true'", 'false'),
    })),
}

/**
 * No module waits for anything before it is there: under Bun (1.4.5) one in a hundred `import()`s of such a module ends
 * before its last line has run. Whoever draws waits for `ready` (src/view/tui/layout-engine.ts).
 */
const yogaLater: Plugin = {
  name: 'yoga-later',
  setup: ({ onLoad }) =>
    onLoad({ filter: /yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/ }, () => ({
      contents: `import { loadYoga } from './load.js'
const Yoga = {}
export const ready = loadYoga().then((yoga) => void Object.assign(Yoga, yoga))
export default Yoga
export * from './generated/YGEnums.js'`,
    })),
}

/**
 * Bundles into a directory, or into one file where `splitting` is off. @returns esbuild's account of what is in it
 * @throws where it cannot be bundled
 */
export async function bundle(outdir: string, splitting = true): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: ['src/main.ts'],
    outdir,
    entryNames: 'kubectl-rollouts_group',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    metafile: true,
    splitting,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minifySyntax: true,
    plugins: [lightStringWidth, noTranslations, noOutputs, noDevtools, yogaLater],
    sourcemap: 'linked',
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: { js: REQUIRE },
    logLevel: 'warning',
  })
  await Promise.all(Object.keys(metafile.outputs).map(withoutRequire))
  return metafile
}

/** Bundles what is started: scripts of one file, since Node loads a module more slowly. */
async function starters(outdir: string): Promise<void> {
  await build({
    entryPoints: {
      start: 'build/starters/start.ts',
      'from-files': 'build/starters/from-files.ts',
      'sea-main': 'build/starters/sea-main.ts',
      'bun-main': 'build/starters/bun-main.ts',
    },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    external: [`./${ENTRY}`, `./${FROM_FILES}`, 'bun:ffi'],
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    minifySyntax: true,
    define: await built(),
    logLevel: 'warning',
  })
}

/** Takes it from a module that does not call it: at every start it would be made anew for each. */
async function withoutRequire(file: string): Promise<void> {
  if (!file.endsWith('.mjs')) return
  const code = await readFile(file, 'utf8')
  const rest = code.replace(REQUIRE, '')
  // Its line stays, for the source map.
  if (!/\brequire\b/.test(rest)) await writeFile(file, rest)
}

/** Texts that are printed without loading the program: the version, each verb to complete, and help. */
async function built() {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const verbs = COMMANDS.map(({ name, summary }) => `${name}\t${summary}`)
  const help: Record<number, Record<string, string>> = {}
  for (const columns of [80, 110]) {
    const screens = ['', ...COMMANDS.map(({ name }) => name)].map(async (verb) => {
      const parsed = await parse([...(verb === '' ? [] : [verb]), '--help'], columns)
      return [verb, parsed.help ?? ''] as const
    })
    help[columns] = Object.fromEntries(await Promise.all(screens))
  }
  return {
    BUILT_VERSION: JSON.stringify(`kubectl rollouts-group v${version}\n`),
    BUILT_VERBS: JSON.stringify(verbs.join('\n')),
    BUILT_HELP: JSON.stringify(help),
  }
}

/**
 * Modules that load a CommonJS package by `import()`. In a bundle of several files such a package has no names but
 * `default`, where in Node it has more: what is undefined there works from source. Import it from a module of ours, and
 * load that.
 */
export function loadedByName({ inputs }: Metafile): string[] {
  return Object.entries(inputs)
    .filter(([path]) => path.startsWith('src/'))
    .flatMap(([path, { imports }]) =>
      imports
        .filter((each) => each.kind === 'dynamic-import' && inputs[each.path]?.format === 'cjs')
        .map((each) => `${path}: ${each.path}`),
    )
}

if (import.meta.main) {
  // Chunks are named after their contents; former ones would pile up.
  await rm('dist', { recursive: true, force: true })
  const [metafile] = await Promise.all([bundle('dist'), starters('dist')])
  const wrong = loadedByName(metafile)
  if (wrong.length > 0)
    throw new Error(`CommonJS is loaded by import(), which gives other names in a bundle:\n${wrong.join('\n')}`)
  await writeFile(METAFILE, JSON.stringify(metafile))
  await writeScripts('dist')
}
