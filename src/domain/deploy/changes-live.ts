import { few, kubectl, listed } from '../checks/say.ts'
import { finding, type Finding } from '../findings/finding.ts'
import { called, type Revision } from '../group/member.ts'
import type { Group } from '../group/read-group.ts'
import { canonical } from '../objects/canonical.ts'
import { at } from '../objects/fields.ts'
import { configMapsOf } from '../objects/pod-template.ts'
import { parseServices } from '../objects/service.ts'
import { ANOTHER_NAME, BY_ITSELF, insteadOf } from './changed-service.ts'
import type { Desired, Wanted } from './desired.ts'

/** What the pods that users are on use, and the files change under them: once for all that is to be mended alike. */
export function changesLive(present: Group, desired: Desired): Finding[] {
  const used = present.members.flatMap(({ revisions }) => revisions.filter((each) => each.role !== 'old'))
  const found = desired.objects.flatMap((each) => {
    const who = used.filter((revision) => uses(present, revision, each))
    const instead = who.length === 0 ? [] : insteadOfChange(present, each, used)
    return instead.length === 0 ? [] : [{ ...each, who, instead: instead.join('; ') }]
  })
  const alike = Map.groupBy(found, ({ kind, instead, where }) => [kind, instead, ...sourceOf(where)].join('\n'))
  return [...alike.values()].map((all) => {
    const [{ kind, where, instead }] = all as [(typeof found)[number]]
    const who = all.flatMap((each) => each.who)
    const [kinds, are] = all.length === 1 ? [kind, 'is'] : [`${kind}s`, 'are']
    return finding(present.mode, 'changes-live', {
      members: [...new Set(who.map(({ member }) => member))],
      sentence:
        `${kinds} ${few(all.map(({ name }) => name))} ${are} changed by ${few(all.map((each) => each.where))} ` +
        `under pods that users are on, or that wait: ${listed([...new Set(who.map(called))])}`,
      remedy: [`${instead}; see the change: `, kubectl({ group: present }, 'diff', ...sourceOf(where))],
    })
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

/** What is to be done in its place; nothing where nothing changes. */
function insteadOfChange({ services }: Group, { kind, name, was, will }: Wanted, used: readonly Revision[]): string[] {
  if (kind === 'Service') {
    const [now, then] = [services.get(name), parseServices([will], undefined)[0]]
    return now === undefined || then === undefined ? [] : insteadOf(now, then, used)
  }
  const changed =
    was !== undefined && (CONTENT[kind] ?? []).some((part) => canonical(at(was, part)) !== canonical(at(will, part)))
  return changed ? [REMEDIES[kind] ?? BY_ITSELF] : []
}

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

/** What is to be done, by kind. */
const REMEDIES: { readonly [kind: string]: string } = {
  ConfigMap: `${ANOTHER_NAME}, or let each release have a copy of it (--wiring=pinned)`,
  Secret: ANOTHER_NAME,
}

/** The words by which kubectl reads what a place is in. */
function sourceOf(where: string): readonly string[] {
  const source = where.replace(/:\d+$/, '')
  if (source.startsWith('kustomization ')) return ['-k', source.slice('kustomization '.length)]
  return ['-f', source === 'standard input' ? '-' : source]
}
