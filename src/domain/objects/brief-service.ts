import { at, strings, text } from './fields.ts'
import { HASH_LABEL } from './labels.ts'
import { pair } from './service.ts'

/** What makes a Service known, and whom it selects. */
export interface BriefService {
  readonly name: string
  /** One of its addresses; anything else where it has none. */
  readonly clusterIP: string
  /** The name that DNS answers with instead of an address. */
  readonly alias: string | undefined
  /** Its selector, `app=orders` and `tier=web`, without the pod template hash; empty where it selects no pods. */
  readonly pairs: readonly string[]
}

/** The same of one that was read whole. */
export function briefOf(raw: unknown): BriefService {
  const spec = at(raw, 'spec')
  const selector = strings(at(spec, 'selector'))
  selector.delete(HASH_LABEL)
  return {
    name: text(at(raw, 'metadata', 'name')) ?? '',
    clusterIP: text(at(spec, 'clusterIP')) ?? '',
    alias: at(spec, 'type') === 'ExternalName' ? text(at(spec, 'externalName'))?.toLowerCase() : undefined,
    pairs: [...selector].map(pair),
  }
}

/** The selector of one, as a Service has it. */
export function baseOf({ pairs }: BriefService): ReadonlyMap<string, string> {
  return new Map(pairs.map((each) => each.split('=') as [string, string]))
}
