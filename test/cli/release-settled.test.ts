import assert from 'node:assert/strict'
import { EXIT } from '../../src/domain/run/outcome.ts'
import { releasesOf } from '../properties/release-course.ts'
import type { ReleasedCall, ReleasedMember } from '../properties/release-spec.ts'

const MEMBER: ReleasedMember = {
  strategy: 'blue-green',
  services: 'by-role',
  replicas: 1,
  scaleDownDelay: 5,
  settings: 'literal',
  changes: [true, true, true],
}
const LEFT: ReleasedCall = { consumer: 0, dependency: 1, address: 'preview' }

describe('a release of a group whose users were left on preview Services', () => {
  it('that is refused all the same has settled nothing', async () => {
    const spec = {
      members: [MEMBER, MEMBER, MEMBER],
      calls: [LEFT, { consumer: 0, dependency: 2, address: 'plain' }],
      wirings: ['preview', 'pinned', undefined],
      seed: 1,
    } as const
    const { releases } = await releasesOf(spec, 'twice')
    for (const { exit, told, writes } of releases) {
      assert.deepEqual([exit, writes], [EXIT.refused, []])
      assert.match(told, /^✖ wired-to-both  Service gamma-all selects/m)
    }
  })

  it('has nothing to do where it is done, although its files leave them there again', async () => {
    const spec = { members: [MEMBER, MEMBER], calls: [LEFT], wirings: ['as-is', undefined, 'as-is'], seed: 1 } as const
    const { releases, troubles } = await releasesOf(spec, 'twice')
    assert.deepEqual([...troubles], [])
    for (const { exit, behind, again } of releases) assert.deepEqual([exit, behind, again], [EXIT.done, [], ''])
  })
})
