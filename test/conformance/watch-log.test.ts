import assert from 'node:assert/strict'
import type { KubeObject } from '../controlplane/api.ts'
import { SKEW, WatchLog } from './watch-log.ts'

const pod = (name: string, version: string, ...calls: readonly string[]): KubeObject => ({
  metadata: { name, uid: name },
  spec: {
    containers: [
      { env: [{ name: 'APP_VERSION', value: version }, ...calls.map((value) => ({ name: 'BACKEND_HOST', value }))] },
    ],
  },
})
const slice = (service: string, ...pods: readonly string[]): KubeObject => ({
  metadata: { name: service, labels: { 'kubernetes.io/service-name': service } },
  endpoints: pods.map((name) => ({ conditions: { ready: true }, targetRef: { name } })),
})

/** A change: when it is told, its number, and what it is about. */
type Change = readonly [at: number, version: number, kind: 'pods' | 'endpointslices', KubeObject | string]

const PODS = [pod('old', '1.0', 'backend'), pod('new', '2.0', 'backend'), pod('b1', '1.0'), pod('b2', '2.0')]

/** Users are on 1.0, of frontend and backend; then the changes are told. */
function judged(...changes: readonly Change[]) {
  let now = 0
  const log = new WatchLog()
  const told = {
    pods: log.of('pods', () => now),
    endpointslices: log.of('endpointslices', () => now),
  }
  for (const each of PODS) told.pods(each.metadata.name, 1, each)
  told.endpointslices('frontend', 2, slice('frontend', 'old'))
  told.endpointslices('backend', 3, slice('backend', 'b1'))
  log.begin()
  for (const [at, version, kind, object] of changes) {
    now = at
    if (typeof object === 'string') told[kind](object, version, undefined)
    else told[kind](object.metadata.name, version, object)
  }
  const { states, blind, paths, ...counts } = log.judged({
    namespace: 'n',
    entryService: 'frontend',
    versionOf: (_, { APP_VERSION }) => APP_VERSION,
    aliases: new Map(),
  })
  return { states, blind, paths, wrong: Object.entries(counts).flatMap(([kind, count]) => (count > 0 ? [kind] : [])) }
}

const LATER = 1000 + SKEW

describe('the log of the watches', () => {
  it('counts each state, exactly and for those who hear late', () => {
    assert.deepEqual(judged([10, 10, 'pods', pod('other', '1.0')]), { states: 4, blind: 0, paths: [], wrong: [] })
  })

  it('shows two versions in one request, however short it lasted', () => {
    const { wrong, paths } = judged(
      [1000, 10, 'endpointslices', slice('backend', 'b2')],
      [1000, 11, 'endpointslices', slice('backend', 'b1')],
    )
    assert.deepEqual(wrong, ['mixed'])
    assert.equal(paths[0], 'old (1.0) → backend → b2 (2.0)')
  })

  it('shows a Service that led to nobody, however short it lasted', () => {
    const { wrong, paths } = judged(
      [1000, 10, 'endpointslices', slice('backend')],
      [1000, 11, 'endpointslices', slice('backend', 'b1')],
    )
    assert.deepEqual(wrong, ['empty'])
    assert.equal(paths[0], 'old (1.0) → backend (empty)')
  })

  it('shows what requests of pods meet that users have left', () => {
    const { wrong } = judged(
      [1000, 10, 'pods', pod('new', '2.0', 'other')],
      [1000, 11, 'endpointslices', slice('other', 'b2')],
      [1000, 12, 'endpointslices', slice('frontend', 'new')],
      [2000, 13, 'endpointslices', slice('backend', 'b2')],
    )
    assert.deepEqual(wrong, ['mixedOld'])
  })

  it('has changes in the order in which they were made, whoever told of them first', () => {
    const gone = judged(
      [1000, 11, 'endpointslices', slice('backend', 'b2')],
      [1000 + 5 * SKEW, 10, 'endpointslices', slice('frontend', 'new')],
    )
    assert.deepEqual(
      gone.wrong.filter((each) => !each.endsWith('Old')),
      ['mixed'],
    )
    const clean = judged(
      [LATER, 13, 'endpointslices', slice('backend', 'b2')],
      [LATER, 12, 'pods', 'old'],
      [LATER, 11, 'endpointslices', slice('frontend', 'new')],
      [LATER, 10, 'pods', pod('new', '2.0', 'other')],
      [LATER, 9, 'endpointslices', slice('other', 'b2')],
    )
    assert.deepEqual(clean.wrong, [])
  })

  it('takes whoever hears late into account', () => {
    const changes = (apart: number): readonly Change[] => [
      [1000, 10, 'pods', pod('new', '2.0', 'other')],
      [1000, 11, 'endpointslices', slice('other', 'b1')],
      [1000, 12, 'endpointslices', slice('other', 'b2')],
      [1000 + apart, 13, 'endpointslices', slice('frontend', 'new')],
    ]
    assert.deepEqual(judged(...changes(SKEW / 2)).wrong, ['mixed'])
    assert.deepEqual(judged(...changes(SKEW * 2)).wrong, [])
  })

  it('is blind where a Service leads to pods alone that are gone', () => {
    const { blind, wrong } = judged([1000, 10, 'pods', 'b1'], [1001, 11, 'endpointslices', slice('backend', 'b2')])
    assert.ok(blind > 0)
    assert.deepEqual(wrong, ['mixed'])
  })
})
