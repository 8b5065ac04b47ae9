/**
 * What a binary of Node's starts with. What a look and what a run need are scripts; any other module is taken from inside
 * the binary when it is imported: neither a disk nor a cache is asked for them.
 */
import { createRequire, registerHooks } from 'node:module'
import { getAsset, getRawAsset } from 'node:sea'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { start } from '../../src/entry.ts'
import { type Inside, SCRIPTS } from './inside.ts'
import { printer } from './node-printer.ts'
import { type Load, openScripts, type Scripts } from './scripts.ts'

/** Below the program itself, which is a file: nothing on the disk can have such an address. */
const INSIDE = `${pathToFileURL(process.execPath).href}/`
/** The program's main script may import only what Node has built in; a module that is required may import others. */
const IMPORTS = `${INSIDE}imports.cjs`

start(process.argv[1] ?? '', process.argv.slice(2), printer, () => {
  const { scripts: names } = JSON.parse(getAsset(SCRIPTS, 'utf8')) as Inside
  const scripts = openScripts(INSIDE, names, scriptOf, (name) => importing(scripts)(name))
  scripts.load('kubectl-rollouts_group.mjs')
})

function scriptOf(name: string): Script {
  const source = Buffer.from(getRawAsset(name) as ArrayBuffer).toString('latin1')
  return new Script(source, { filename: `${INSIDE}${name}` })
}

let imports: Load | undefined

/** How any other module is imported; Node's own way to it is opened once, when the first is. */
function importing(scripts: Scripts): Load {
  if (imports !== undefined) return imports
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
      const source = scripts.holds(url) ? scripts.shared(url) : getAsset(url.slice(INSIDE.length), 'utf8')
      return { format: 'module', source, shortCircuit: true }
    },
  })
  imports = createRequire(process.execPath)(IMPORTS) as Load
  return imports
}
