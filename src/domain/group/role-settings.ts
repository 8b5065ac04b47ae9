import { fieldPath, type PodTemplate } from '../objects/pod-template.ts'
import type { Strategy } from '../objects/strategy.ts'
import type { Wire } from './member.ts'

/** A value of ephemeral metadata that the process reads. */
export interface RoleSetting {
  readonly key: string
  readonly value: string
  /** Where it stands, in a person's words. */
  readonly where: string
  readonly role: NonNullable<Wire['role']>
}

/** Values of ephemeral metadata, as far as the template shows them to the process. */
export function roleSettings(template: PodTemplate, strategy: Strategy): RoleSetting[] {
  const fieldPaths = [...template.containers, ...template.initContainers].flatMap((each) =>
    each.env.flatMap((entry) => (entry.from === 'field' ? [entry.path] : [])),
  )
  return (['live', 'next'] as const).flatMap((role) =>
    (['labels', 'annotations'] as const).flatMap((kind) =>
      [...strategy[role][kind]].flatMap(([key, value]) => {
        const shown = (paths: readonly string[]) =>
          paths.some((path) => path === `metadata.${kind}` || path === fieldPath(kind, key))
        const where = `${key}=${value} in ${metadataName(strategy, role)}.${kind}`
        return [
          ...(shown(template.volumeFields) ? [{ key, value, where, role: { of: role, by: 'volume' as const } }] : []),
          ...(shown(fieldPaths) ? [{ key, value, where, role: { of: role, by: 'field' as const } }] : []),
        ]
      }),
    ),
  )
}

/** A template of whose own labels and annotations those are left that no role gives other values. */
export function withoutRoles(template: PodTemplate, { live, next }: Strategy): PodTemplate {
  const said = [live, next].flatMap((role) =>
    (['labels', 'annotations'] as const).flatMap((kind) => [...role[kind].keys()].map((key) => fieldPath(kind, key))),
  )
  if (said.length === 0) return template
  return { ...template, fields: new Map([...template.fields].filter(([path]) => !said.includes(path))) }
}

function metadataName(strategy: Strategy, role: 'live' | 'next'): string {
  const names = {
    BlueGreen: { live: 'activeMetadata', next: 'previewMetadata' },
    Canary: { live: 'stableMetadata', next: 'canaryMetadata' },
  }
  return names[strategy.kind][role]
}
