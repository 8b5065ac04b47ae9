import { at, type Fields, list } from '../domain/objects/fields.ts'

/** The extension of a context in the kubeconfig that marks it: `{ name: rollouts-group/protected, extension: true }`. */
const EXTENSION = 'rollouts-group/protected'

/**
 * Whether a context is marked as production: by an extension of ours in the kubeconfig, or by a pattern in
 * ROLLOUTS_GROUP_PROTECTED (`prod-*,*-live`; `*` is any text).
 */
export function isGuarded(
  name: string,
  context: Fields | undefined,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const marks = list(context?.extensions).filter((each) => at(each, 'name') === EXTENSION)
  const patterns = (env.ROLLOUTS_GROUP_PROTECTED ?? '').split(/[,\s]+/).filter((each) => each !== '')
  return (
    marks.some((each) => [true, 'true'].includes(at(each, 'extension') as boolean | string)) ||
    patterns.some((each) => fits(name, each))
  )
}

function fits(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((each) => each.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(name)
}
