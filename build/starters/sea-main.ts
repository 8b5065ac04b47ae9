/**
 * What a binary starts with. What a look and what a run need are scripts, compiled beforehand; any other module is taken
 * from inside the binary when it is imported: neither a disk nor a cache is asked for them.
 */
import { createRequire, registerHooks } from 'node:module'
import { getAsset, getAssetKeys, getRawAsset } from 'node:sea'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { start } from '../../src/entry.ts'

import { codeCacheOf, SCRIPTS } from './inside.ts'

type Exports = Readonly<Record<string, unknown>>
type Load = (name: string) => Promise<unknown>
type Make = (exports: Exports, require: (name: string) => unknown, module: { exports: Exports }, load: Load) => void

/** Below the program itself, which is a file: nothing on the disk can have such an address. */
const INSIDE = `${pathToFileURL(process.execPath).href}/`
/** The program's main script may import only what Node has built in; a module that is required may import others. */
const IMPORTS = `${INSIDE}imports.cjs`
/** Where a module that is in no script finds those that are. */
const SHARED = 'kubectl-rollouts_group'

start(process.argv[1] ?? '', process.argv.slice(2), () => {
  const scripts = JSON.parse(getAsset(SCRIPTS, 'utf8')) as Readonly<Record<string, readonly string[]>>
  const scriptOf = new Map(Object.entries(scripts).flatMap(([script, names]) => names.map((each) => [each, script])))
  const load = loader(scriptOf, (name) => importing(scriptOf, load)(name))
  load('kubectl-rollouts_group.mjs')
})

/** The scripts that modules are in, by the modules' names. */
type Scripts = ReadonlyMap<string, string>

/** Makes each module when it is first asked for; a name that is in no script is a part of Node. */
function loader(scriptOf: Scripts, other: Load): (name: string) => unknown {
  const compiled = new Map<string, Readonly<Record<string, Make>>>()
  const made = new Map<string, { readonly exports: Exports }>()
  return function load(name) {
    const script = scriptOf.get(name)
    if (script === undefined) return builtIn(name)
    const known = made.get(name)
    if (known !== undefined) return known.exports
    const modules = compiled.get(script) ?? modulesIn(script)
    compiled.set(script, modules)
    const module = { exports: {} }
    made.set(name, module)
    try {
      modules[name]!(module.exports, load, module, other)
    } catch (error) {
      made.delete(name)
      throw error
    }
    return module.exports
  }
}

function modulesIn(script: string): Readonly<Record<string, Make>> {
  const bytes = (name: string): Buffer => Buffer.from(getRawAsset(name) as ArrayBuffer)
  const cache = codeCacheOf(script)
  const source = new Script(bytes(script).toString('latin1'), {
    filename: `${INSIDE}${script}`,
    cachedData: getAssetKeys().includes(cache) ? bytes(cache) : undefined,
  })
  return source.runInThisContext() as Readonly<Record<string, Make>>
}

/** @throws Error where Node has no such part: packages try what need not be there */
function builtIn(name: string): unknown {
  const found: unknown = process.getBuiltinModule(name)
  if (found === undefined) throw new Error(`the program has no module ${name}`)
  return found
}

let imports: Load | undefined

/** How any other module is imported; Node's own way to it is opened once, when the first is. */
function importing(scriptOf: Scripts, load: (name: string) => unknown): Load {
  if (imports !== undefined) return imports
  Object.defineProperty(globalThis, Symbol.for(SHARED), { value: load })
  registerHooks({
    resolve(specifier, context, next) {
      const within =
        specifier.startsWith(INSIDE) || (specifier.startsWith('.') && context.parentURL?.startsWith(INSIDE))
      if (!within) return next(specifier, context)
      const url = new URL(specifier, context.parentURL).href
      return { url, format: url === IMPORTS ? 'commonjs' : 'module', shortCircuit: true }
    },
    load(url, context, next) {
      if (url === IMPORTS)
        return { format: 'commonjs', source: 'module.exports = (name) => import(name)', shortCircuit: true }
      if (!url.startsWith(INSIDE)) return next(url, context)
      const name = url.slice(INSIDE.length)
      const source = scriptOf.has(name) ? shared(name, load(name) as Exports) : getAsset(name, 'utf8')
      return { format: 'module', source, shortCircuit: true }
    },
  })
  imports = createRequire(process.execPath)(IMPORTS) as Load
  return imports
}

/** A module of a script as any other imports it. */
function shared(name: string, exports: Exports): string {
  const names = Object.keys(exports).filter((each) => each !== 'default')
  const own = `globalThis[Symbol.for(${JSON.stringify(SHARED)})](${JSON.stringify(name)})`
  const byDefault = 'default' in exports ? '; export default own.default' : ''
  return `const own = ${own}; export const { ${names.join()} } = own${byDefault}`
}
