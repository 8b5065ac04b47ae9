import { kubectl, listed } from '../checks/say.ts'
import { finding, type Finding } from '../findings/finding.ts'
import { called, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { canonical } from '../objects/canonical.ts'
import { at } from '../objects/fields.ts'
import { configMapsOf } from '../objects/pod-template.ts'
import { parseServices } from '../objects/service.ts'
import type { Desired, Wanted } from './desired.ts'

/** What the pods that users are on use, and the files change under them. */
export function changesLive(present: Group, desired: Desired): Finding[] {
  const used = present.members.flatMap(({ revisions }) => revisions.filter((each) => each.role !== 'old'))
  return desired.objects.flatMap((each) => {
    const who = used.filter((revision) => isChanged(present, each) && uses(present, revision, each))
    if (who.length === 0) return []
    return [
      finding(present.mode, 'changes-live', {
        members: [...new Set(who.map(({ member }) => member))],
        sentence:
          `${each.kind} ${each.name} is changed by ${each.where} under pods that users are on, or that wait: ` +
          listed([...new Set(who.map(called))]),
        remedy: [
          `${REMEDIES[each.kind] ?? BY_ITSELF}; see the change: `,
          kubectl({ group: present }, 'diff', ...sourceOf(each.where)),
        ],
      }),
    ]
  })
}

/** What of an object bears on requests, by kind. */
const CONTENT: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ['data', 'binaryData'],
  Secret: ['data', 'stringData'],
  Ingress: ['spec'],
  HTTPRoute: ['spec'],
  VirtualService: ['spec'],
  NetworkPolicy: ['spec'],
}

function isChanged({ services }: Group, { kind, name, was, will }: Wanted): boolean {
  if (kind === 'Service') {
    const [now, then] = [services.get(name), parseServices([will], undefined)[0]]
    if (now === undefined || then === undefined) return false
    const content = ({ base, alias }: NonNullable<typeof now>) => JSON.stringify([[...base].sort(), alias])
    return content(now) !== content(then) || now.ports.some((each) => !then.ports.some((other) => isSame(each, other)))
  }
  return (
    was !== undefined && (CONTENT[kind] ?? []).some((part) => canonical(at(was, part)) !== canonical(at(will, part)))
  )
}

/** Whether a port leads where it did: without a target to its own number; one may be given a name beside others. */
function isSame(was: Port, is: Port): boolean {
  const content = (port: Port) =>
    JSON.stringify(
      [...new Map([['targetPort', port.get('port')], ['protocol', 'TCP'], ...port])]
        .filter(([key]) => key !== 'name' || was.has('name'))
        .sort(),
    )
  return content(was) === content(is)
}

type Port = ReadonlyMap<string, string | number>

function uses({ owners }: Group, revision: Revision, { kind, name }: Wanted): boolean {
  switch (kind) {
    case 'Service':
      return (
        owners.get(name)?.includes(revision.member) === true || revision.wires.some((each) => each.service === name)
      )
    case 'ConfigMap':
      return configMapsOf(revision.template).some((each) => each.name === name)
    case 'Secret':
      return revision.template.secrets.includes(name)
    default:
      return CONTENT[kind] !== undefined && revision.role === 'live'
  }
}

const BY_ITSELF = 'leave it as it is in this release, and change it by itself before or after it'

/** What is to be done, by kind. */
const REMEDIES: { readonly [kind: string]: string } = {
  ConfigMap:
    'give what changes another name, so that the new revisions alone use it, or let each release have a copy of it ' +
    '(--wiring=pinned)',
  Secret: 'give what changes another name, so that the new revisions alone use it',
}

/** The words by which kubectl reads what a place is in. */
function sourceOf(where: string): readonly string[] {
  const source = where.replace(/:\d+$/, '')
  if (source.startsWith('kustomization ')) return ['-k', source.slice('kustomization '.length)]
  return ['-f', source === 'standard input' ? '-' : source]
}
