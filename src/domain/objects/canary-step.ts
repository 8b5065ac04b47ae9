import { at, fields, flag, list, text, whole } from './fields.ts'

/** A step of a canary; weights in percent of the users. */
export type CanaryStep =
  | { readonly kind: 'setWeight'; readonly weight: number }
  /** Without seconds it stands until promoted: a gate. */
  | { readonly kind: 'pause'; readonly seconds: number | undefined }
  | { readonly kind: 'setCanaryScale'; readonly weight: number | undefined; readonly replicas: number | undefined }
  /** The controller aborts the member by itself where one of these fails. */
  | { readonly kind: 'analysis' }
  /** Pods of its own, which carry the labels of the template; with a router some get a weight of their own. */
  | { readonly kind: 'experiment'; readonly analysed: boolean; readonly weighed: boolean }
  /** Requests with certain headers go to the canary, or (mirror) copies of requests; not `on`: the route goes away. */
  | { readonly kind: 'route'; readonly of: 'header' | 'mirror'; readonly name: string; readonly on: boolean }
  | { readonly kind: 'plugin' }
  | { readonly kind: 'other'; readonly name: string }

/** @param most what a router's weights are parts of (`maxTrafficWeight`) */
export function parseStep(raw: unknown, most: number): CanaryStep {
  const step = fields(raw)
  const route = (of: 'header' | 'mirror', field: string): CanaryStep => ({
    kind: 'route',
    of,
    name: text(at(raw, field, 'name')) ?? '',
    on: list(at(raw, field, 'match')).length > 0,
  })
  if ('setWeight' in step) return { kind: 'setWeight', weight: percent(whole(step['setWeight']) ?? 0, most) }
  if ('pause' in step) return { kind: 'pause', seconds: parseSeconds(at(step['pause'], 'duration')) }
  if ('setCanaryScale' in step) return parseScale(step['setCanaryScale'], most)
  if ('analysis' in step) return { kind: 'analysis' }
  if ('experiment' in step) {
    const templates = list(at(raw, 'experiment', 'templates'))
    return {
      kind: 'experiment',
      analysed: list(at(raw, 'experiment', 'analyses')).length > 0,
      weighed: templates.some((each) => (whole(at(each, 'weight')) ?? 0) > 0),
    }
  }
  if ('setHeaderRoute' in step) return route('header', 'setHeaderRoute')
  if ('setMirrorRoute' in step) return route('mirror', 'setMirrorRoute')
  if ('plugin' in step) return { kind: 'plugin' }
  return { kind: 'other', name: Object.keys(step)[0] ?? 'empty' }
}

/** A router's weight in percent of the users, to the hundredth. */
export function percent(weight: number, most: number): number {
  return most === 100 || most <= 0 ? weight : Math.round((weight * 10_000) / most) / 100
}

function parseScale(raw: unknown, most: number): CanaryStep {
  const matching = flag(at(raw, 'matchTrafficWeight'))
  const weight = whole(at(raw, 'weight'))
  return {
    kind: 'setCanaryScale',
    weight: matching || weight === undefined ? undefined : percent(weight, most),
    replicas: matching ? undefined : whole(at(raw, 'replicas')),
  }
}

/** Seconds of a pause: a number, or a Go duration of one unit ("30s", "5m", "1h"); undefined stands until promoted. */
function parseSeconds(raw: unknown): number | undefined {
  if (typeof raw === 'number') return raw
  const found = /^(\d+)(s|m|h)?$/.exec(text(raw) ?? '')
  if (found === null) return raw === undefined ? undefined : 0
  return Number(found[1]) * { s: 1, m: 60, h: 3600 }[found[2] ?? 's']!
}
