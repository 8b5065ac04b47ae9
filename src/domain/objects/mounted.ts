import { at, flag, list, text } from './fields.ts'

/** A ConfigMap in a volume of a pod template. */
export interface Mounted {
  readonly configMap: string
  readonly optional: boolean
  /** The keys that become files where it is mounted; undefined: all. */
  readonly keys: readonly string[] | undefined
  /** The containers that mount them. */
  readonly by: readonly string[]
}

/** A container that mounts a volume, and of that which file or directory; undefined: all, or nobody can say which. */
export interface Mount {
  readonly by: string
  readonly subPath: string | undefined
}

/** Who mounts a volume of a raw pod template. */
export function mountsOf(template: unknown, volume: unknown): Mount[] {
  return ['containers', 'initContainers']
    .flatMap((kind) => list(at(template, 'spec', kind)))
    .flatMap((container) =>
      list(at(container, 'volumeMounts'))
        .filter((mount) => at(mount, 'name') === volume)
        .map((mount) => ({ by: text(at(container, 'name')) ?? '', subPath: subPathOf(mount) })),
    )
}

function subPathOf(mount: unknown): string | undefined {
  const path = text(at(mount, 'subPath')) || text(at(mount, 'subPathExpr')) || ''
  const parts = path.split('/').filter((each) => each !== '' && each !== '.')
  return parts.length === 0 || path.includes('$(') ? undefined : parts.join('/')
}

/** What a source of a volume is, where that is a ConfigMap. */
export function parseMounted(raw: unknown, mounts: () => readonly Mount[]): Mounted[] {
  const configMap = text(at(raw, 'name'))
  if (configMap === undefined) return []
  const items = list(at(raw, 'items')).flatMap((each) => {
    const key = text(at(each, 'key'))
    return key === undefined ? [] : [{ key, path: text(at(each, 'path')) ?? key }]
  })
  const mounted = mounts()
  return [
    {
      configMap,
      optional: flag(at(raw, 'optional')),
      keys: keysSeen(items, mounted),
      by: [...new Set(mounted.map((each) => each.by))],
    },
  ]
}

/**
 * The keys that are files somewhere: none where nobody mounts them; undefined: all.
 * @param items none: each key is a file of its name
 */
function keysSeen(
  items: readonly { readonly key: string; readonly path: string }[],
  mounts: readonly Mount[],
): readonly string[] | undefined {
  const paths = mounts.flatMap(({ subPath }) => subPath ?? [])
  if (paths.length < mounts.length) return items.length === 0 ? undefined : items.map((each) => each.key)
  if (items.length === 0) return [...new Set(paths)]
  return items
    .filter(({ path }) => paths.some((each) => path === each || path.startsWith(`${each}/`)))
    .map((each) => each.key)
}
