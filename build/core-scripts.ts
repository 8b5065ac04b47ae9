/**
 * What a look at a group and what a run need of the bundle, as scripts: each a function for each of its modules. Node
 * need not find and link them at a start, nor compile them where V8 has done so before (starters/).
 */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join, posix, relative } from 'node:path'
import { type Metafile, transform } from 'esbuild'
import { type Inside, SCRIPTS } from './starters/inside.ts'

/**
 * What CommonJS packages call, in a module of another kind. Each start loads a module that has it, and Bun takes 4 ms for
 * node:module: only who calls it has it loaded.
 */
export const REQUIRE =
  "const require = (name) => process.getBuiltinModule('node:module').createRequire(import.meta.url)(name);"

/** What is loaded, one after the other, to ask a cluster, for a look, for a run; what they import goes with them. */
const LOADED: Readonly<Record<string, readonly string[]>> = {
  'ask.js': [
    'src/main.ts',
    'src/cli/run.ts',
    'src/cli/completion/complete.ts',
    'src/cluster/kube.ts',
    'src/cluster/route.ts',
  ],
  'look.js': ['src/cli/commands/get-group.ts', 'src/cli/group/show-asked.ts'],
  'run.js': [
    'src/cli/commands/promote-all.ts',
    'src/cli/commands/abort-all.ts',
    'src/cli/commands/check.ts',
    'src/cli/commands/wait.ts',
    'src/cli/write/write.ts',
    'src/cli/write/baking.ts',
  ],
}

/** A script, and the modules of the bundle that are in it. */
export interface CoreScript {
  readonly name: string
  readonly modules: readonly string[]
  /**
   * An expression: an object of functions `(exports, require, module, load)` by the names of their modules, all in
   * Latin-1. What is in no script they load: by its name below the bundle, `./` before it, or as a part of Node.
   */
  readonly source: string
}

/**
 * @param loaded what each script is to hold
 * @throws Error where a module is not there, has letters beyond Latin-1, or imports what it does not name
 */
export async function coreScripts(dist: string, loaded = LOADED): Promise<CoreScript[]> {
  const { outputs } = JSON.parse(await readFile(join(dist, 'meta.json'), 'utf8')) as Metafile
  const all = new Set<string>()
  const scripts = Object.entries(loaded).map(([name, entries]) => {
    const before = new Set(all)
    addLoaded(entries, outputs, all)
    return { name, modules: [...all.difference(before)].map((path) => named(dist, path)).sort() }
  })
  const inside = new Set([...all].map((path) => named(dist, path)))
  return Promise.all(
    scripts.map(async ({ name, modules }) => {
      const functions = modules.map(async (each) => {
        const code = await readFile(join(dist, each), 'utf8')
        return `${JSON.stringify(each)}(exports, require, module, load) {'use strict'\n${await asFunction(code, each, inside)}\n}`
      })
      return { name, modules, source: latin1(`({${(await Promise.all(functions)).join(',\n')}})`) }
    }),
  )
}

/** Writes the scripts beside the bundle, and which modules they hold. */
export async function writeScripts(dist: string): Promise<void> {
  const scripts = await coreScripts(dist)
  const hash = createHash('sha256')
  for (const { name, source } of scripts) {
    hash.update(`${name} ${source.length}\n${source}`)
    await writeFile(join(dist, name), source, 'latin1')
  }
  const inside: Inside = {
    build: hash.digest('hex').slice(0, 16),
    scripts: Object.fromEntries(scripts.map(({ name, modules }) => [name, modules])),
  }
  await writeFile(join(dist, SCRIPTS), JSON.stringify(inside))
}

function named(dist: string, path: string): string {
  return relative(dist, path).replaceAll('\\', '/')
}

function latin1(source: string): string {
  const beyond = /[^\0-\xff]/.exec(source)
  if (beyond !== null) throw new Error(`write ${beyond[0]} as an escape: scripts of a binary are Latin-1`)
  return source
}

/** Adds the modules of the bundle that are loaded, and what these import. @throws Error where one is not there */
function addLoaded(entries: readonly string[], outputs: Metafile['outputs'], found: Set<string>): void {
  const add = (path: string): void => {
    const output = outputs[path]
    if (output === undefined || found.has(path)) return
    found.add(path)
    for (const each of output.imports) if (each.kind === 'import-statement') add(each.path)
  }
  for (const entry of entries) {
    const [path] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry) ?? []
    if (path === undefined) throw new Error(`${entry} is not loaded by itself: name in build/core-scripts.ts what is`)
    add(path)
  }
}

/** A module as the body of a CommonJS function; others of the bundle by their names, from wherever it is. */
async function asFunction(code: string, name: string, inside: ReadonlySet<string>): Promise<string> {
  const { code: body } = await transform(code.replace(REQUIRE, ''), {
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    legalComments: 'none',
    minifyWhitespace: true,
    // Of a mistake Node prints the line on which it happened.
    lineLimit: 200,
  })
  const from = (path: string): string => posix.join(posix.dirname(name), path)
  const done = body
    .replace(/\brequire\("(\.[^"]+)"\)/g, (_, path: string) => `require("${from(path)}")`)
    .replace(/\bimport\("([^"]+)"\)/g, (_, path: string) => {
      if (!path.startsWith('.')) return `load("${path}")`
      return inside.has(from(path)) ? `Promise.resolve().then(()=>require("${from(path)}"))` : `load("./${from(path)}")`
    })
  if (/\bimport\(/.test(done)) throw new Error(`${name} imports what it does not name`)
  return done
}
