import assert from 'node:assert/strict'
import { readGroup } from '../../src/domain/group/read-group.ts'
import type { Snapshot } from '../../src/domain/group/snapshot.ts'
import { HASH_LABEL, MANAGED_BY } from '../../src/domain/objects/labels.ts'
import { groupView, type GroupView } from '../../src/view/words/group-view.ts'
import { type Named, viewCache } from '../../src/view/words/view-cache.ts'
import { configOf, legacyPair, world } from '../support/objects.ts'
import { NOW, WORLDS } from './worlds.ts'

/** The objects of the API as they are in a test: plain data of any shape. */
type Raw = any

const READY = world({
  ...legacyPair({ frontend: { next: { version: '2.0', fromConfig: { BACKEND_HOST: ['settings', 'HOST'] } } } }),
  configs: { settings: { HOST: 'backend-preview' } },
})
const OTHER = { name: 'other', snapshot: { ...world(WORLDS.one), namespace: 'elsewhere' } }

/** The same snapshot read again, in lists of its own; one of its objects is another where a change is given. */
function again(
  snapshot: Snapshot,
  list?: 'rollouts' | 'replicaSets' | 'services' | 'endpointSlices',
  index = 0,
  change: (copy: Raw) => void = () => {},
): Snapshot {
  const copy = {
    ...snapshot,
    rollouts: [...snapshot.rollouts],
    replicaSets: [...snapshot.replicaSets],
    services: [...snapshot.services],
    endpointSlices: [...snapshot.endpointSlices!],
  }
  if (list !== undefined) {
    const changed: Raw = structuredClone(copy[list][index])
    change(changed)
    copy[list][index] = changed
  }
  return copy
}

const named = (snapshot: Snapshot): Named[] => [{ name: 'loan', snapshot }, OTHER]
/** All of a view but what it was read from. */
const shown = ({ group: _, rows, ...view }: GroupView) => ({
  ...view,
  rows: rows.map(({ member, ...row }) => ({ ...row, member: { ...member, resourceVersion: '' } })),
})
const loan = (views: readonly GroupView[]) => views.find((each) => each.name === 'loan')

/** Whether the group is worded again when it is read so, after it was read as READY. */
function isWordedAgain(snapshot: Snapshot, before = READY): boolean {
  const views = viewCache(undefined)
  const [first, second] = [views(named(before), NOW), views(named(snapshot), NOW)]
  assert.deepEqual(
    shown(loan(second)!),
    shown(groupView(readGroup(snapshot, 'loan'), NOW)),
    'what is kept must be what would be worded',
  )
  assert.equal(
    first.find((each) => each.name === 'other'),
    second.find((each) => each.name === 'other'),
    'the other group is as it was',
  )
  return loan(first) !== loan(second)
}

const service = (name: string, selector: Record<string, string>) => ({
  metadata: { name, namespace: 'legacy' },
  spec: { selector },
})

describe('the views that are kept', () => {
  it('are kept where the same objects are read again', () => assert.equal(isWordedAgain(again(READY)), false))

  for (const list of ['rollouts', 'replicaSets', 'services', 'endpointSlices'] as const) {
    it(`are worded again where one of their ${list} is another`, () => {
      for (const index of READY[list]!.keys())
        assert.equal(
          isWordedAgain(
            again(READY, list, index, (raw) => {
              raw.metadata.generation = 7
            }),
          ),
          true,
          `${list} ${index}`,
        )
    })
  }

  it('are kept where something is written to a Rollout that nobody reads', () =>
    assert.equal(
      isWordedAgain(
        again(READY, 'rollouts', 0, (raw) => {
          raw.metadata.resourceVersion = 'next'
          raw.metadata.annotations = { ...raw.metadata.annotations, touched: 'by a controller' }
        }),
      ),
      false,
    ))

  it('are worded again where a member comes or goes', () => {
    const fewer = { ...READY, rollouts: READY.rollouts.slice(1) }
    assert.equal(isWordedAgain(fewer), true)
    assert.equal(isWordedAgain(READY, fewer), true)
  })

  it('are worded again where a ConfigMap says something else', () =>
    assert.equal(
      isWordedAgain({ ...again(READY), configs: new Map([['settings', configOf({ HOST: 'backend-active' })]]) }),
      true,
    ))

  it('are worded again where a Service comes that selects their pods', () =>
    assert.equal(
      isWordedAgain({ ...READY, services: [...READY.services, service('all-backends', { app: 'my-backend' })] }),
      true,
    ))

  it('are worded again where a Service of others turns to their pods', () => {
    const [before, after] = ['else', 'my-backend'].map((app) => ({
      ...READY,
      services: [...READY.services, service('plain', { app })],
    }))
    assert.equal(isWordedAgain(after!, before), true)
  })

  it('are kept where a controller moves the Service of others to another hash', () => {
    const [before, after] = ['abc', 'def'].map((hash) => ({
      ...READY,
      services: [...READY.services, service('others', { app: 'others', [HASH_LABEL]: hash })],
    }))
    assert.equal(isWordedAgain(after!, before), false)
  })

  it('are worded again where it moves the Service of a Rollout outside that they call, or begins to manage it', () => {
    const alone = (managed: boolean, change: (raw: Raw) => void = () => {}): Snapshot => {
      const services = READY.services.map((raw) => structuredClone(raw) as Raw)
      const backend = services.filter((raw) => raw.metadata.name.startsWith('backend'))
      if (managed) for (const raw of backend) raw.metadata.annotations = { [MANAGED_BY]: 'my-backend' }
      change(backend.at(-1))
      return { ...READY, rollouts: READY.rollouts.filter((raw: Raw) => raw.metadata.name !== 'my-backend'), services }
    }
    const before = alone(true)
    const moved = {
      ...before,
      services: alone(true, (raw) => {
        raw.spec.selector[HASH_LABEL] = 'def'
      }).services,
    }
    const named = new Map(before.services.map((raw: Raw) => [raw.metadata.name, raw]))
    const others = moved.services.map((raw: Raw) =>
      raw.metadata.name === 'backend-preview' ? raw : named.get(raw.metadata.name),
    )
    assert.equal(isWordedAgain({ ...moved, services: others }, before), true)
    assert.equal(isWordedAgain(before, alone(false)), true)
  })

  it('are kept where ReplicaSets and EndpointSlices of others change', () => {
    const others = world({ members: [{ name: 'others', live: { version: '1.0' } }] })
    const both = {
      ...READY,
      replicaSets: [...READY.replicaSets, ...others.replicaSets],
      services: [...READY.services, ...others.services],
      endpointSlices: [...READY.endpointSlices!, ...others.endpointSlices!],
    }
    assert.equal(
      isWordedAgain(
        again(both, 'replicaSets', READY.replicaSets.length, (raw) => {
          raw.status.availableReplicas = 1
        }),
        both,
      ),
      false,
    )
    assert.equal(
      isWordedAgain(
        again(both, 'endpointSlices', READY.endpointSlices!.length, (raw) => {
          raw.endpoints = []
        }),
        both,
      ),
      false,
    )
  })

  it('are worded again each second where old pods are counted down, and not more often', () => {
    const views = viewCache(undefined)
    const half = [{ name: 'loan', snapshot: world(WORLDS.half) }]
    const [now, soon, later] = [0, 400, 1000].map((passed) => views(half, NOW + passed)[0]!)
    assert.equal(now, soon)
    assert.match(later!.rows[0]!.note.text, /16s left/)
  })

  it('are in the order of the worst first', () => {
    const groups = [
      { name: 'a', snapshot: world(WORLDS.ready) },
      { name: 'b', snapshot: world(WORLDS.empty) },
    ]
    assert.deepEqual(
      viewCache(undefined)(groups, NOW).map((each) => each.name),
      ['b', 'a'],
    )
  })

  it('are forgotten with their group', () => {
    const views = viewCache(undefined)
    const first = loan(views(named(READY), NOW))
    views([OTHER], NOW)
    assert.notEqual(loan(views(named(READY), NOW)), first)
  })
})
