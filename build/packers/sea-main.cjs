/**
 * What a binary starts with: the bundle's modules, taken from inside the binary when they are imported, so that a verb compiles only
 * what it needs. Neither a disk nor a cache is asked for them.
 */

'use strict'

const { createRequire, registerHooks } = require('node:module')
const { getAsset } = require('node:sea')
const { pathToFileURL } = require('node:url')

/** Below the program itself, which is a file: nothing on the disk can have such an address. */
const INSIDE = `${pathToFileURL(process.execPath).href}/`
const START = `${INSIDE}start.cjs`

registerHooks({
  resolve(specifier, context, next) {
    const within = specifier.startsWith(INSIDE) || (specifier.startsWith('.') && context.parentURL?.startsWith(INSIDE))
    if (!within) return next(specifier, context)
    const url = new URL(specifier, context.parentURL).href
    return { url, format: url === START ? 'commonjs' : 'module', shortCircuit: true }
  },
  load(url, context, next) {
    if (url === START)
      return { format: 'commonjs', source: 'import("./kubectl-rollouts_group.mjs")', shortCircuit: true }
    return url.startsWith(INSIDE)
      ? { format: 'module', source: getAsset(url.slice(INSIDE.length), 'utf8'), shortCircuit: true }
      : next(url, context)
  },
})

// The program's main script may import only what Node has built in; a module that is required may import others.
createRequire(process.execPath)(START)
