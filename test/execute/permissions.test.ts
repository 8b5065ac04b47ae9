import assert from 'node:assert/strict'
import { told } from '../support/typed.ts'
import { finished, living, outcomes, patches, writes } from '../support/virtual-run.ts'
import { backend, frontend, pair } from '../support/virtual-scenes.ts'
import { deploying } from '../support/virtual-deploy.ts'
import { those } from '../support/virtual-request.ts'

const REFUSED = { 'my-frontend': 'refused', 'my-backend': 'refused' }

describe('permissions', () => {
  it('that are missing are all found before the first write, each by its member', async () => {
    const world = living(pair())
    const { reports, exit, plan } = await finished(world, { as: 'viewer' })
    assert.deepEqual([outcomes(reports), exit], [REFUSED, 3])
    assert.deepEqual(
      plan.findings.filter((each) => each.code === 'rbac').map((each) => [each.members.join(), each.sentence]),
      [
        ['my-frontend', 'you may not patch rollouts/status of my-frontend in namespace legacy'],
        ['my-backend', 'you may not patch rollouts/status of my-backend in namespace legacy'],
      ],
    )
    assert.equal(
      told(plan.findings.find((each) => each.code === 'rbac')!.remedy),
      'ask for it (README, Permissions) and see: kubectl auth can-i patch rollouts/my-frontend --subresource=status -n legacy',
    )
    assert.deepEqual(writes(world.requests), [])
  })

  it('that are missing to read are told together with those to write', async () => {
    const world = living(pair())
    world.deny(those({ verb: 'list', resource: 'pods' }))
    world.deny(those({ verb: 'patch', resource: 'rollouts', subresource: 'status' }))
    const { exit, plan } = await finished(world)
    assert.equal(exit, 3)
    assert.deepEqual(
      plan.findings.filter((each) => each.severity === 'error').map((each) => `${each.code} ${each.members.join()}`),
      ['unreadable ', 'rbac my-frontend', 'rbac my-backend'],
    )
    assert.deepEqual(writes(world.requests), [])
  })

  it('that the README recommends are enough', async () => {
    const world = living(pair())
    const { exit } = await finished(world, { as: 'promoter' })
    assert.equal(exit, 0)
    assert.ok(world.requests.every((each) => each.status !== 403))
  })

  it('that are missing for one member only leave the others alone', async () => {
    const world = living(pair())
    world.deny(those({ verb: 'patch', resource: 'rollouts', subresource: 'status', name: 'my-backend' }))
    const { reports, exit, plan } = await finished(world)
    assert.deepEqual([outcomes(reports), exit], [REFUSED, 3])
    assert.deepEqual(
      plan.findings.filter((each) => each.code === 'rbac').flatMap((each) => each.members),
      ['my-backend'],
    )
    assert.deepEqual(writes(world.requests), [])
  })

  for (const resource of ['rollouts', 'replicasets', 'services', 'endpointslices', 'pods']) {
    it(`to watch ${resource} are needed to see what a patch comes to`, async () => {
      const world = living(pair())
      world.deny(those({ verb: 'watch', resource }))
      const { exit, plan } = await finished(world)
      assert.equal(exit, 3)
      assert.deepEqual(
        plan.findings.filter((each) => each.code === 'rbac').map((each) => each.sentence),
        [`you may not watch ${resource} in namespace legacy`],
      )
      assert.deepEqual(writes(world.requests), [])
    })
  }

  it('to put a stable template back are those of the Rollout itself', async () => {
    const world = living(pair())
    world.deny(those({ verb: 'patch', resource: 'rollouts', subresource: undefined }))
    const { reports, exit, plan } = await finished(world, { verb: 'abort-all', options: { toStable: true } })
    assert.deepEqual([outcomes(reports), exit], [REFUSED, 3])
    assert.deepEqual(
      plan.findings.filter((each) => each.code === 'rbac').map((each) => each.sentence),
      [
        'you may not patch rollouts of my-frontend in namespace legacy',
        'you may not patch rollouts of my-backend in namespace legacy',
      ],
    )
  })

  it('are asked for before a person is', async () => {
    const world = living(pair())
    world.deny(those({ verb: 'patch', resource: 'rollouts' }))
    let asked = false
    await finished(world, { confirm: async () => (asked = true) })
    assert.equal(asked, false)
  })

  it("that cannot be asked for end the run with the server's words", async () => {
    const world = living(pair())
    world.deny(those({ resource: 'selfsubjectaccessreviews' }))
    await assert.rejects(finished(world), { name: 'ClusterError', reason: 'Forbidden' })
    assert.deepEqual(patches(world), [])
  })

  it('to promote are looked for before anything is deployed that is promoted in the same go', async () => {
    for (const leadsOn of [true, false]) {
      const world = living(pair({}, { next: [] }))
      world.deny(those({ verb: 'patch', resource: 'rollouts', subresource: 'status' }))
      const run = await deploying(world, [...backend('2.0'), ...frontend('2.0', 'preview')], { leadsOn })
      const { exit, plan } = await world.time.until(run.result)
      assert.deepEqual(
        [exit, plan.findings.filter((each) => each.code === 'rbac').flatMap((each) => each.members)],
        leadsOn ? [3, ['my-backend', 'my-frontend']] : [0, []],
      )
      assert.equal(writes(world.requests).length === 0, leadsOn)
    }
  })
})
