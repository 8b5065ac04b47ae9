import { type Call, callOn } from '../../domain/findings/remedy.ts'
import type { Arguments, OptionTable } from '../command.ts'
import { flag, texts } from '../line/arguments.ts'
import { BAKING } from '../line/bake-options.ts'
import { ABORTING, DEPLOYING, MANIFESTS, PROMOTING, RUNNING } from '../line/options.ts'
import { RELEASING } from '../line/release-options.ts'
import { UNDOING } from '../line/undo-options.ts'

const TOLD: OptionTable = {
  ...MANIFESTS,
  ...RUNNING,
  ...DEPLOYING,
  ...PROMOTING,
  ...BAKING,
  ...ABORTING,
  ...UNDOING,
  ...RELEASING,
}

/** Said of one run alone: the next one is asked about, planned, and has its time, anew. */
const ONCE: ReadonlySet<string> = new Set(['yes', 'dry-run', 'plan', 'timeout', 'break-lock'])

/** The same command once more: all that was typed of what it is to do. How the cluster is reached, the screen adds. */
export function again(
  args: Arguments,
  verb: string,
  place: { readonly group: string; readonly namespace: string },
): Call {
  const words = Object.entries(TOLD).flatMap(([name, { type, alias }]) => {
    if (ONCE.has(name)) return []
    const option = typeof alias === 'string' ? `-${alias}` : `--${name}`
    if (type === 'boolean') return flag(args, name) ? [option] : []
    return texts(args, name).flatMap((value) => (value === '' ? [] : [option, value]))
  })
  return callOn(place, verb, ...words)
}
