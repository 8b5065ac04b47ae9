import { HASH_LABEL, RELEASE } from '../objects/labels.ts'
import { fieldPath, type PodTemplate } from '../objects/pod-template.ts'

type Kind = 'labels' | 'annotations'

/** Labels of releases, which nobody's answers depend on. */
const OF_RELEASES: ReadonlySet<string> = new Set([HASH_LABEL, RELEASE])

/** Annotations from which an injector makes files or variables of the processes (Vault's agent, Bank-Vaults). */
const INJECTED =
  /^(vault\.hashicorp\.com\/(agent-inject|agent-configmap|role|namespace|secret-volume-path)|vault\.security\.banzaicloud\.io\/)/

/** Annotations that change with a ConfigMap or a Secret: `checksum/secret`. */
const CHECKSUM = /checksum|(?:config|config-?map|secret|settings|env)s?[-_./]?(?:hash|sha\d*|md5|digest)/i

/**
 * Whether what processes do may depend on a label or an annotation of their pods.
 *
 * | it is | so |
 * |---|---|
 * | shown by the downward API, as a variable or in a volume | yes |
 * | an annotation that an injector makes files or variables of | yes |
 * | the checksum of a ConfigMap or a Secret: these have changed | yes |
 * | the name of a release, or any other | no |
 */
export function isRead(kind: Kind, key: string, template: PodTemplate): boolean {
  if (OF_RELEASES.has(key)) return false
  if (kind === 'annotations' && (INJECTED.test(key) || CHECKSUM.test(key))) return true
  const own = fieldPath(kind, key)
  const shown = [...template.containers, ...template.initContainers].flatMap(({ env }) =>
    env.flatMap((each) => (each.from === 'field' ? [each.path] : [])),
  )
  return [...shown, ...template.volumeFields].some((path) => path === own || path === `metadata.${kind}`)
}
