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
  /** `app=orders,tier=web`, without the pod template hash; empty where it selects no pods. */
  readonly selector: string
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
    selector: [...selector].map(pair).join(),
  }
}

/** The selector of one, as a Service has it. */
export function baseOf(service: BriefService): ReadonlyMap<string, string> {
  return new Map(pairsOf(service).map((each) => each.split('=') as [string, string]))
}

/** The pairs of a selector. */
export function pairsOf({ selector }: BriefService): readonly string[] {
  return selector === '' ? [] : selector.split(',')
}
