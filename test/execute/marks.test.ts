import assert from 'node:assert/strict'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import type { Mark } from '../../src/execute/marks.ts'
import type { Failure, VirtualCluster } from '../support/virtual-cluster.ts'
import { those } from '../support/virtual-request.ts'
import { finished, living, type Run, type RunOptions } from '../support/virtual-run.ts'
import { apply, backend, canaries, frontend, pair } from '../support/virtual-scenes.ts'

const promoteOf = (name: string) => those({ verb: 'patch', resource: 'rollouts', name })
/** Between the waves: the first one is over, and the old pods are waited for. */
const DRAINING = those({ verb: 'watch', resource: 'pods' })
const replicas = ({ store }: VirtualCluster, name: string, count: number) =>
  store.patch('rollouts', 'legacy', name, { type: 'merge', body: { spec: { replicas: count } } })

type Played = Pick<Run, 'marks'>

async function failing(failure: Failure, times = 1): Promise<Played> {
  const world = living(pair())
  world.fail(promoteOf('my-frontend'), failure, times)
  return await finished(world)
}

/** Something happens just before the frontend's write. */
async function beforeWrite(act: (world: VirtualCluster) => void, options: RunOptions = {}): Promise<Played> {
  const world = living(pair())
  world.on('before', promoteOf('my-frontend'), () => act(world))
  return await finished(world, options)
}

async function whileDraining(act: (world: VirtualCluster) => void): Promise<Played> {
  const world = living(pair())
  world.on('before', DRAINING, () => act(world))
  return await finished(world)
}

/** The gate is not whole when the promote comes, as often as it comes. */
async function neverWhole(): Promise<Played> {
  const world = living(pair())
  for (let nth = 1; nth <= 20; nth++)
    world.on('before', promoteOf('my-frontend'), () => replicas(world, 'my-frontend', 3 + nth), nth)
  return await finished(world)
}

/** What leads to each. */
const LEADS: Record<Mark, () => Promise<Played>> = {
  'done-though-refused': () => failing({ lose: 'answer' }),
  'passed-though-unanswered': async () => {
    const world = living(canaries())
    world.fail(those({ verb: 'patch', name: 'backend' }), { lose: 'answer' })
    return await finished(world)
  },
  'refused-in-words-of-its-own': () => failing({ status: 422, message: 'denied: no release on a Friday' }),
  'server-given-time': () => failing({ status: 503 }),
  'gate-came-back': async () => {
    const slow = { templateAnnotations: { 'pod-ready.stage.kwok.x-k8s.io/delay': '20s' } }
    const world = living(pair({ frontend: (version) => (version === '2.0' ? slow : {}) }))
    world.on('before', promoteOf('my-frontend'), () => {
      const { store } = world
      const { currentPodHash } = store.get('rollouts', 'legacy', 'my-frontend')!.status
      const [pod] = store.list('pods', { labelSelector: `${HASH_LABEL}=${currentPodHash}` })
      store.remove('pods', 'legacy', pod!.metadata.name)
    })
    return await finished(world)
  },
  'sent-again': () => beforeWrite((world) => replicas(world, 'my-frontend', 4)),
  'given-up': neverWhole,
  'changed-before-its-turn': () => whileDraining(({ store }) => apply(store, 'legacy', backend('3.0'))),
  'ground-lost': () =>
    whileDraining(({ store }) =>
      store.patch('rollouts', 'legacy', 'my-frontend', {
        type: 'merge',
        body: { metadata: { labels: { 'app.kubernetes.io/part-of': null } } },
      }),
    ),
  'planned-otherwise': () =>
    beforeWrite((world) => {
      apply(world.store, 'legacy', backend('3.0'))
      replicas(world, 'my-frontend', 4)
    }),
  'waited-for-a-status': () => beforeWrite(({ store }) => apply(store, 'legacy', frontend('3.0', 'preview'))),
  'under-way-already': async () => {
    const world = living(canaries(() => ({ templateAnnotations: { 'pod-ready.stage.kwok.x-k8s.io/delay': '3s' } })))
    world.fail(promoteOf('frontend'), { lose: 'answer' })
    return await finished(world, { verb: 'abort-all', options: { toStable: true } })
  },
}

describe('a rare branch of a run is taken', () => {
  for (const [mark, play] of Object.entries(LEADS))
    it(mark.replaceAll('-', ' '), async () => {
      const { marks } = await play()
      assert.ok(marks.has(mark as Mark), `only ${[...marks].join(', ') || 'none'}`)
    })

  it('in no run in which nothing happens', async () =>
    assert.deepEqual([...(await finished(living(pair()))).marks], []))
})
