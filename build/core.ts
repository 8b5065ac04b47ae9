/**
 * What a look at a group needs of the bundle, as one script for Node's binary: a function for each module. Node need
 * not find, link and compile them at a start, since V8 has done so beforehand (code-cache.ts).
 */
import { readFile } from 'node:fs/promises'
import { join, posix, relative } from 'node:path'
import { type Metafile, transform } from 'esbuild'
import { REQUIRE } from './bundle.ts'

/** What is loaded for a look, one after the other; what they import goes with them. */
const LOADED = [
  'src/main.ts',
  'src/cli/run.ts',
  'src/cli/commands/get-group.ts',
  'src/cli/group/show-asked.ts',
  'src/cli/completion/complete.ts',
  'src/cluster/kube.ts',
]

/**
 * An expression: an object of functions `(exports, require, module, load)` by the names of their modules in the bundle,
 * all in Latin-1. What is not among them they load: by its name below the bundle, `./` before it, or as a part of Node.
 * @throws Error where it has letters beyond, or imports what it does not name
 */
export async function coreScript(dist: string): Promise<string> {
  const { outputs } = JSON.parse(await readFile(join(dist, 'meta.json'), 'utf8')) as Metafile
  const names = modulesOf(outputs).map((path) => relative(dist, path).replaceAll('\\', '/'))
  const functions = names.map(async (name) => {
    const code = await readFile(join(dist, name), 'utf8')
    return `${JSON.stringify(name)}(exports, require, module, load) {${await asFunction(code, name, names)}\n}`
  })
  const script = `({${(await Promise.all(functions)).join(',\n')}})`
  const beyond = /[^\0-\xff]/.exec(script)
  if (beyond !== null) throw new Error(`write ${beyond[0]} as an escape: the core of the program is Latin-1`)
  return script
}

/** The modules of the bundle that are loaded, and what these import. */
function modulesOf(outputs: Metafile['outputs']): string[] {
  const found = new Set<string>()
  const add = (path: string): void => {
    const output = outputs[path]
    if (output === undefined || found.has(path)) return
    found.add(path)
    for (const each of output.imports) if (each.kind === 'import-statement') add(each.path)
  }
  for (const [path, { entryPoint }] of Object.entries(outputs))
    if (entryPoint !== undefined && LOADED.includes(entryPoint)) add(path)
  return [...found].sort()
}

/** A module as the body of a CommonJS function; others of the bundle by their names, from wherever it is. */
async function asFunction(code: string, name: string, names: readonly string[]): Promise<string> {
  const { code: body } = await transform(code.replace(REQUIRE, ''), {
    format: 'cjs',
    platform: 'node',
    target: 'node26',
    minifyWhitespace: true,
    legalComments: 'none',
  })
  const from = (path: string): string => posix.join(posix.dirname(name), path)
  const done = body
    .replace(/\brequire\("(\.[^"]+)"\)/g, (_, path: string) => `require("${from(path)}")`)
    .replace(/\bimport\("([^"]+)"\)/g, (_, path: string) => {
      if (!path.startsWith('.')) return `load("${path}")`
      return names.includes(from(path))
        ? `Promise.resolve().then(()=>require("${from(path)}"))`
        : `load("./${from(path)}")`
    })
  if (/\bimport\(/.test(done)) throw new Error(`${name} imports what it does not name`)
  return done
}
