import { text } from './fields.ts'

const SUFFIXES: { readonly [suffix: string]: number } = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** An amount as Kubernetes writes it (`500m`, `1.5Gi`, `2e3`, 4); undefined for anything else. */
export function quantity(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  const [, number, suffix = ''] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([numkKMGTPE]i?|)$/.exec(text(value) ?? '') ?? []
  const factor = SUFFIXES[suffix]
  const amount = Number(number)
  return number === undefined || factor === undefined || Number.isNaN(amount) ? undefined : amount * factor
}
