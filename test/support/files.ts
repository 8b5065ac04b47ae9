/** The files of a release, as a server dry run answers them, for tests of a deploy. */

import type { Desired } from '../../src/domain/deploy/desired.ts'
import { wanted } from '../../src/domain/deploy/desired.ts'
import { at, fields, text } from '../../src/domain/objects/fields.ts'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { hashOf, type MemberSpec, world, type WorldSpec } from './objects.ts'

/** The world before its next revisions were deployed. */
export function before({ members, ...more }: WorldSpec): WorldSpec {
  return { ...more, members: members.map(({ next: _, ...each }) => each) }
}

/** The files by which the next revisions of a world come about: the Rollouts of all, or of some, of its members. */
export function filesOf(spec: WorldSpec, only = spec.members.map((each) => each.name)): Desired {
  const then = world(spec)
  const now = world(before(spec))
  const objects = spec.members
    .filter((each) => only.includes(each.name))
    .map((member) => {
      const rollout = then.rollouts.find((each) => at(each, 'metadata', 'name') === member.name)
      const will = {
        ...fields(rollout),
        spec: { ...fields(at(rollout, 'spec')), template: templateOf(then.replicaSets, member) },
      }
      const was = now.rollouts.find((each) => at(each, 'metadata', 'name') === member.name)
      return wanted({ given: will, will, was, where: 'release.yaml' })
    })
  return { objects, configs: then.configs, findings: [] }
}

function templateOf(replicaSets: readonly unknown[], { name, next }: MemberSpec): unknown {
  const set = replicaSets.find(
    (each) => text(at(each, 'metadata', 'name')) === `${name}-${hashOf(name, next === undefined ? 'live' : 'next')}`,
  )
  const template = fields(at(set, 'spec', 'template'))
  const { [HASH_LABEL]: _, ...labels } = fields(at(template, 'metadata', 'labels'))
  return { ...template, metadata: { ...fields(at(template, 'metadata')), labels } }
}
