import type { Group } from '../group/read-group.ts'
import { HASH_LABEL, VERSION_LABEL } from '../objects/labels.ts'
import type { Member, Revision } from '../group/member.ts'
import { liveService } from '../objects/strategy.ts'

/**
 * A Service that selects one revision for good: with it no address needs switching back. It selects a label that the
 * revision's pods really have, and listens where the member's live Service does.
 */
export function pinnedService(group: Group, member: Member, revision: Revision | undefined): string {
  const label = revision && tellingLabel(member, revision)
  const base = [...member.selector].filter(([key]) => key !== label)
  const version = revision === undefined || label === undefined ? PLACE : revision.version.value
  return [
    ...(label === undefined
      ? [
          `# For the next release of ${member.name}, not for this ` +
            'one: no label of its pods tells one version from another,',
          '# and one that is added now makes a new revision behind ' +
            'the Service that users are on. With each release, where',
          `# ${PLACE} stands for its version: this label in the pod template, this Service, its name as the address.`,
          `#   rollout/${member.name}, spec.template.metadata.labels:  ${VERSION_LABEL}: "${PLACE}"`,
        ]
      : []),
    'apiVersion: v1',
    'kind: Service',
    'metadata:',
    `  name: ${label === undefined ? `${slug(member.name)}-${PLACE}` : slug(`${member.name}-${version}`)}`,
    `  namespace: ${group.namespace}`,
    'spec:',
    '  selector:',
    ...base.map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`),
    `    ${label ?? VERSION_LABEL}: ` +
      `${JSON.stringify(label === undefined ? PLACE : revision!.template.labels.get(label))}`,
    '  ports:',
    ...portsOf(group, member),
  ].join('\n')
}

/** Where a version is to be written that is not known yet; no API server takes it for a name. */
const PLACE = 'VERSION'

/**
 * The label that tells a revision's pods from those of others: one that says the version, or one on which live and next
 * differ.
 */
function tellingLabel(member: Member, revision: Revision): string | undefined {
  // The hash names a revision of one cluster; a role's labels change under the running pod.
  const passing = new Set([
    HASH_LABEL,
    ...[member.strategy.live, member.strategy.next].flatMap((each) => [...each.labels.keys()]),
  ])
  const own = [...revision.template.labels].filter(([key]) => !passing.has(key))
  const other = [member.live, member.next].find((each) => each !== undefined && each.id !== revision.id)
  const says = own.filter(([, value]) => value === revision.version.value).map(([key]) => key)
  const differs = own
    .filter(([key, value]) => other !== undefined && other.template.labels.get(key) !== value)
    .map(([key]) => key)
  return says.find((each) => each === VERSION_LABEL) ?? says[0] ?? differs[0]
}

function portsOf(group: Group, member: Member): string[] {
  const ports = group.services.get(liveService(member.strategy) ?? '')?.ports ?? []
  if (ports.length === 0) return ['  - port: 8080   # the port of its pods']
  return ports.flatMap((port) =>
    [...port].map(([key, value], index) => `  ${index === 0 ? '-' : ' '} ${key}: ${JSON.stringify(value)}`),
  )
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 63)
    .replace(/-$/, '')
}
