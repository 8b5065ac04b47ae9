/**
 * The program on a Node that is there, as the npm package and a checkout start it: what a look and what a run need are
 * scripts beside it, which V8 need compile only once; any other module is imported as Node does it.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { asked } from '../../src/text/asked.ts'
import { compiledBefore } from './compiled-before.ts'
import { insideOf } from './inside.ts'
import { type Load, openScripts, type Scripts } from './scripts.ts'

declare const __dirname: string
/** A line for each verb, which it begins (build/bundle.ts). */
declare const BUILT_VERBS: string

const VERBS = new Set(['__complete', ...BUILT_VERBS.split('\n').map((each) => each.split('\t')[0]!)])
const HERE = `${pathToFileURL(__dirname).href}/`

const { build, scripts: names } = insideOf(__dirname)
const words = asked(process.argv[1] ?? '', process.argv.slice(2))
// Flags may come before the verb: it is the first word that is one.
const verb = words.find((each) => VERBS.has(each)) ?? 'any'
const compiled = compiledBefore(build, words.includes('-h') || words.includes('--help') ? 'help' : verb)
const scripts = openScripts(
  HERE,
  names,
  (name) => compiled(name, readFileSync(join(__dirname, name), 'latin1'), join(__dirname, name)),
  (name) => importing(scripts)(name),
)
let imports: Load | undefined
scripts.load('kubectl-rollouts_group.mjs')

/** How any other module is imported: where it imports one of a script, it gets that. */
function importing({ holds, shared }: Scripts): Load {
  if (imports !== undefined) return imports
  registerHooks({
    resolve(specifier, context, next) {
      const url = specifier.startsWith('.') ? new URL(specifier, context.parentURL).href : specifier
      return holds(url) ? { url, format: 'module', shortCircuit: true } : next(specifier, context)
    },
    load: (url, context, next) =>
      holds(url) ? { format: 'module', source: shared(url), shortCircuit: true } : next(url, context),
  })
  imports = (name) => import(name)
  return imports
}
