/**
 * What a binary starts with. The program's modules are taken from inside the binary when they are imported, so that a verb
 * compiles only what it needs: neither a disk nor a cache is asked for them.
 */
import { createRequire, registerHooks } from 'node:module'
import { getAsset } from 'node:sea'
import { pathToFileURL } from 'node:url'
import { start } from '../../src/entry.ts'

/** Below the program itself, which is a file: nothing on the disk can have such an address. */
const INSIDE = `${pathToFileURL(process.execPath).href}/`
const PROGRAM = `${INSIDE}program.cjs`

start(process.argv[1] ?? '', process.argv.slice(2), () => {
  registerHooks({
    resolve(specifier, context, next) {
      const within =
        specifier.startsWith(INSIDE) || (specifier.startsWith('.') && context.parentURL?.startsWith(INSIDE))
      if (!within) return next(specifier, context)
      const url = new URL(specifier, context.parentURL).href
      return { url, format: url === PROGRAM ? 'commonjs' : 'module', shortCircuit: true }
    },
    load(url, context, next) {
      if (url === PROGRAM)
        return { format: 'commonjs', source: 'import("./kubectl-rollouts_group.mjs")', shortCircuit: true }
      return url.startsWith(INSIDE)
        ? { format: 'module', source: getAsset(url.slice(INSIDE.length), 'utf8'), shortCircuit: true }
        : next(url, context)
    },
  })
  // The program's main script may import only what Node has built in; a module that is required may import others.
  createRequire(process.execPath)(PROGRAM)
})
