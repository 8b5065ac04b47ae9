/** Modules of the bundle in scripts, one function for each, which are made when they are first asked for. */
import type { Script } from 'node:vm'

export type Exports = Readonly<Record<string, unknown>>
export type Load = (name: string) => Promise<unknown>
type Make = (exports: Exports, require: (name: string) => unknown, module: { exports: Exports }, load: Load) => void

/** Where a module that is in no script finds those that are. */
const SHARED = 'kubectl-rollouts_group'

export interface Scripts {
  /** Makes a module, once; a name that is in no script is a part of Node. */
  load(name: string): unknown
  /** Whether the module of an address is in a script. */
  holds(url: string): boolean
  /** Such a module as any other imports it. */
  shared(url: string): string
}

/**
 * @param base what the modules' addresses begin with
 * @param names of the modules in each script
 * @param compile makes a script of its name
 * @param other imports a module that is in no script
 */
export function openScripts(
  base: string,
  names: Readonly<Record<string, readonly string[]>>,
  compile: (script: string) => Script,
  other: Load,
): Scripts {
  const scriptOf = new Map(Object.entries(names).flatMap(([script, all]) => all.map((each) => [each, script])))
  const compiled = new Map<string, Readonly<Record<string, Make>>>()
  const made = new Map<string, { readonly exports: Exports }>()
  const modulesIn = (script: string) => {
    const known = compiled.get(script) ?? (compile(script).runInThisContext() as Readonly<Record<string, Make>>)
    compiled.set(script, known)
    return known
  }
  const load = (name: string): unknown => {
    const script = scriptOf.get(name)
    if (script === undefined) return builtIn(name)
    const known = made.get(name)
    if (known !== undefined) return known.exports
    const make = modulesIn(script)[name]!
    const module = { exports: {} }
    made.set(name, module)
    try {
      make(module.exports, load, module, other)
    } catch (error) {
      made.delete(name)
      throw error
    }
    return module.exports
  }
  const nameOf = (url: string) => (url.startsWith(base) ? url.slice(base.length) : '')
  return {
    load,
    holds: (url) => scriptOf.has(nameOf(url)),
    shared(url) {
      const name = nameOf(url)
      Object.defineProperty(globalThis, Symbol.for(SHARED), { value: load, configurable: true })
      const exports = load(name) as Exports
      const own = `globalThis[Symbol.for(${JSON.stringify(SHARED)})](${JSON.stringify(name)})`
      const exported = Object.keys(exports).filter((each) => each !== 'default')
      const byDefault = 'default' in exports ? '; export default own.default' : ''
      return `const own = ${own}; export const { ${exported.join()} } = own${byDefault}`
    },
  }
}

/** @throws Error where Node has no such part: packages try what need not be there */
function builtIn(name: string): unknown {
  const found: unknown = process.getBuiltinModule(name)
  if (found === undefined) throw new Error(`the program has no module ${name}`)
  return found
}
