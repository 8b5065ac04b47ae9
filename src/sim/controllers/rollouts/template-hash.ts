const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/**
 * A pod template hash that looks like the controller's: the same template, the same hash (FNV-1a, in Kubernetes' safe
 * alphabet).
 */
export function templateHash(template: unknown): string {
  return safe(fnv(canonical(template)))
}

/** The hash by which changed canary steps are noticed. */
export function stepsHash(steps: unknown): string {
  return safe(fnv(canonical(steps ?? [])))
}

function fnv(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  return hash
}

function safe(hash: number): string {
  return [...String(hash)].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join('')
}

/** JSON with sorted keys; what is null or empty is as good as absent. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(
    ([, each]) => each !== null && each !== undefined && !(typeof each === 'object' && Object.keys(each).length === 0),
  )
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`)
    .join(',')}}`
}
