import assert from 'node:assert/strict'
import { contextOf } from '../../src/domain/checks/context.ts'
import { findingsOf } from '../../src/domain/checks/table.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import type { Snapshot } from '../../src/domain/group/snapshot.ts'
import { makePlan } from '../../src/domain/plan/make-plan.ts'
import { nearnessOf } from '../../src/domain/run/wait-goals.ts'
import { verdictOf } from '../../src/view/words/verdict.ts'
import { traceRows } from '../../src/view/words/trace-rows.ts'
import { told } from '../support/typed.ts'
import { legacyPair, type MemberSpec, world } from '../support/objects.ts'

const SENTENCE = 'The Rollout "my-backend" is invalid: AnalysisTemplate "smoke" not found'
const condition = (type: string, message: string) => ({ type, status: 'True', reason: type, message })
const refused: Pick<MemberSpec, 'status'> = {
  status: {
    phase: 'Degraded',
    message: `InvalidSpec: ${SENTENCE}`,
    pauseConditions: [],
    controllerPause: false,
    conditions: [condition('InvalidSpec', SENTENCE)],
  },
}
const QUOTA = 'pods "my-backend-x" is forbidden: exceeded quota: small'
const short: Partial<MemberSpec> = {
  next: { version: '2.0', available: 0 },
  status: {
    phase: 'Progressing',
    message: 'more replicas need to be updated',
    pauseConditions: [],
    controllerPause: false,
    conditions: [condition('ReplicaFailure', QUOTA)],
  },
}
const groupOf = (backend: Partial<MemberSpec>, change: (snapshot: Snapshot) => Snapshot = (each) => each) =>
  readGroup(change(world(legacyPair({ backend }))), 'loan')
const errorsOf = (group: ReturnType<typeof groupOf>) =>
  makePlan(group, 'promote-all')
    .findings.filter((each) => each.severity === 'error')
    .map((each) => `${each.code}: ${each.sentence}`)
const withoutSets = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  replicaSets: snapshot.replicaSets.filter((raw) => !JSON.stringify(raw).includes('uid-my-backend')),
})

describe('a Rollout that the controller refuses', () => {
  const said = `invalid-spec: the controller refuses rollout/my-backend and does nothing for it: ${SENTENCE}`
  it('at rest is an error with the sentence of the controller', () =>
    assert.ok(errorsOf(groupOf({ ...refused, next: undefined! })).includes(said)))
  it('is told with one full stop where the sentence of the controller brings its own', () => {
    const ended = { ...refused.status, conditions: [condition('InvalidSpec', `${SENTENCE}.`)] }
    assert.ok(errorsOf(groupOf({ ...refused, status: ended, next: undefined! })).includes(said))
  })
  it('at its first deployment is that error, and not a status to wait for', () => {
    const errors = errorsOf(groupOf(refused, withoutSets))
    assert.ok(errors.includes(said))
    assert.ok(!errors.some((each) => each.startsWith('stale-status')))
  })
  it('is waited for with the sentence of the controller', () =>
    assert.match((nearnessOf(groupOf(refused), 'gate') as { why: string }).why, /AnalysisTemplate "smoke" not found/))
  it('does not keep others from being withdrawn', () => {
    const context = contextOf(groupOf({ ...refused, next: undefined! }), 'abort-all', {})
    assert.deepEqual(
      findingsOf(context)
        .filter((each) => each.code === 'invalid-spec')
        .map((each) => each.severity),
      ['warning'],
    )
  })
  it('is judged by its status again once a newer spec is to be seen', () => {
    const errors = errorsOf(groupOf({ ...refused, status: { ...refused.status, observedGeneration: '3' } }))
    assert.ok(errors.some((each) => each.startsWith('stale-status')))
    assert.ok(!errors.some((each) => each.startsWith('invalid-spec')))
  })
  it('is told once where it names a Service that is not there', () => {
    const why =
      'The Rollout "my-backend" is invalid: spec.strategy.blueGreen.activeService: Invalid value: "backend-active": service "backend-active" not found'
    const gone = (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      services: snapshot.services.filter((raw) => !JSON.stringify(raw).includes('"backend-active"')),
    })
    const errors = errorsOf(
      groupOf({ status: { ...refused.status, conditions: [condition('InvalidSpec', why)] } }, gone),
    )
    assert.deepEqual(
      errors.filter((each) => each.includes('backend-active')).map((each) => each.split(':')[0]),
      ['invalid-spec'],
    )
  })
  it('is on its way where the Service that it names has come since: that is waited for, and for how long', () => {
    const why = 'The Rollout "my-backend" is invalid: service "backend-active" not found'
    const status = { ...refused.status, conditions: [condition('InvalidSpec', why)] }
    const resting = legacyPair({ frontend: { next: undefined! }, backend: { status, next: undefined! } })
    const group = readGroup(world(resting), 'loan')
    const plan = makePlan(group, 'promote-all')
    assert.deepEqual(
      plan.findings.filter((each) => each.severity === 'error').map((each) => [each.code, each.sentence]),
      [
        [
          'stale-status',
          'the status of rollout/my-backend is not current: ' +
            'its controller has yet to see that Service backend-active is there by now',
        ],
      ],
    )
    const { remedy } = plan.findings.find((each) => each.code === 'stale-status')!
    assert.match(told(remedy), /^it looks again by itself, within half a minute: .* wait --for=healthy loan/)
    assert.equal(verdictOf(group, plan).words, 'getting ready')
  })
  it('whose workload is gone serves on: no outage is told', () => {
    const orphaned = (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      replicaSets: snapshot.replicaSets.map((raw) => {
        const { metadata } = raw as { metadata: { labels: { app: string } } }
        return metadata.labels.app === 'my-backend'
          ? { ...(raw as object), metadata: { ...metadata, ownerReferences: [] } }
          : raw
      }),
    })
    const gone = {
      next: undefined!,
      spec: { workloadRef: { kind: 'Deployment', name: 'my-backend' } },
      status: { ...refused.status, conditions: [condition('InvalidSpec', 'deployments.apps "my-backend" not found')] },
    }
    const group = readGroup(orphaned(world(legacyPair({ frontend: { next: undefined! }, backend: gone }))), 'loan')
    const { graph, releases } = contextOf(group, 'promote-all', {})
    assert.deepEqual(
      traceRows({ group, graph, releases }).map((each) => each.hops),
      [['my-frontend 1.0', 'my-backend 1.0']],
    )
    assert.deepEqual(
      errorsOf(group).map((each) => each.split(':')[0]),
      ['invalid-spec'],
    )
  })
})

describe('pods that nobody takes', () => {
  it('stand in the head as refused, which it is not the controller that does', () => {
    const headOf = (group: ReturnType<typeof groupOf>) => verdictOf(group, makePlan(group, 'promote-all')).words
    assert.equal(headOf(groupOf(short)), 'pods are refused')
    assert.equal(headOf(groupOf({ ...refused, next: undefined! })), 'refused by the controller')
  })
  it('are an error with the reason', () =>
    assert.deepEqual(errorsOf(groupOf(short)), [
      `invalid-spec: no more pods of rollout/my-backend are taken: ${QUOTA}`,
    ]))
  it('are waited for with the reason', () =>
    assert.equal(
      (nearnessOf(groupOf(short), 'gate') as { why: string }).why,
      `my-backend: 0 of 3 pods of 2.0 available: ${QUOTA}`,
    ))
  it('are nothing where all that are wanted are there', () =>
    assert.deepEqual(errorsOf(groupOf({ status: { conditions: [condition('ReplicaFailure', QUOTA)] } })), []))
})

describe('a member that is not well, and of which nothing waits', () => {
  it('is told with the words of the controller', () => {
    const message = 'ProgressDeadlineExceeded: ReplicaSet "my-backend-x" has timed out progressing.'
    const errors = errorsOf(
      groupOf({ next: undefined!, live: { version: '2.0', available: 2 }, status: { phase: 'Degraded', message } }),
    )
    assert.ok(errors.includes(`degraded: rollout/my-backend is Degraded, ${message} (2 of 3 pods available)`))
  })
})
