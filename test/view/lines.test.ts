import assert from 'node:assert/strict'
import { legacyPair } from '../support/objects.ts'
import { call } from '../support/typed.ts'
import { execFileSync } from 'node:child_process'
import type { Finding } from '../../src/domain/findings/finding.ts'
import { findingLines, nextLines } from '../../src/view/words/finding.ts'
import { traceLines } from '../../src/view/words/traces.ts'
import { assertScreen, at, viewOf, WORLDS } from './worlds.ts'

const finding = (more: Partial<Finding> = {}): Finding => ({
  code: 'manually-paused',
  severity: 'error',
  members: ['my-backend'],
  sentence: 'rollout/my-backend is paused by hand',
  remedy: 'un-pause it first',
  ...more,
})

describe('a finding', () => {
  it('is a sign, a code, and two sentences', () =>
    assert.deepEqual(findingLines(finding(), at()), [
      '✖ manually-paused  rollout/my-backend is paused by hand. Un-pause it first.',
    ]))

  it('has a sign of its own by its severity', () =>
    assert.deepEqual(
      (['error', 'warning', 'info'] as const).map((severity) => findingLines(finding({ severity }), at())[0]![0]),
      ['✖', '⚠', '·'],
    ))

  it('leaves a command as it is typed: in its own letters, with no full stop to copy', () => {
    const remedies = [
      'kubectl get rollouts',
      'resume it: kubectl rollouts-group check loan',
      'promote-all waits for it',
    ]
    assert.deepEqual(
      remedies.map((remedy) => findingLines(finding({ remedy }), at())[0]!.split('hand. ')[1]),
      ['kubectl get rollouts', 'Resume it: kubectl rollouts-group check loan', 'promote-all waits for it.'],
    )
  })

  it('hangs behind its code, or below it on a narrow screen', () => {
    assertScreen(
      findingLines(finding(), at(60)),
      `
    ✖ manually-paused  rollout/my-backend is paused by hand.
                       Un-pause it first.`,
    )
    assertScreen(
      findingLines(finding(), at(44)),
      `
    ✖ manually-paused
        rollout/my-backend is paused by hand.
        Un-pause it first.`,
    )
  })
})

describe('the command that leads on', () => {
  const drawing = (width?: number) => ({
    ...at(width),
    typed: () =>
      "kubectl rollouts-group promote-all loan -n legacy --context arn:aws:eks:eu-west-1:123456789012:cluster/prod --as 'jane doe'",
  })

  it('stands on the line of its title where there is room', () =>
    assert.deepEqual(nextLines(call('check loan'), at(80)), ['Next:  kubectl rollouts-group check loan -n legacy']))

  it('otherwise goes on in lines that end as a shell wants them', () =>
    assertScreen(
      nextLines(call(''), drawing(60)),
      `
    Next:
      kubectl rollouts-group promote-all loan -n legacy \\
      --context \\
      arn:aws:eks:eu-west-1:123456789012:cluster/prod --as \\
      'jane doe'`,
    ))

  it('is the same command to a shell, however narrow the screen', () => {
    const said = (lines: readonly string[]) =>
      execFileSync('/bin/sh', ['-c', `kubectl() { printf '%s\\n' "$@"; }\n${lines.join('\n').replace(/^Next:/, '')}`], {
        encoding: 'utf8',
      })
    const whole = said(nextLines(call(''), drawing()))
    for (const width of [60, 50, 44, 40, 30]) {
      const lines = nextLines(call(''), drawing(width))
      assert.deepEqual(
        lines.filter((each) => each.length > width),
        [],
      )
      assert.equal(said(lines), whole, `at ${width}`)
    }
  })
})

describe('traces', () => {
  it('that are too many are counted, and what goes wrong is among those shown', () => {
    const [good, bad] = [WORLDS.ready, WORLDS.leak].map((each) => viewOf(each).traces[0]!)
    const lines = traceLines({ traces: [...Array(20).fill(good), bad!] }, at())
    assert.equal(lines.length, 13)
    assert.match(lines[0]!, /✖ mixed$/)
    assert.equal(lines[12], '      … and 9 more')
  })

  it('that meet two versions are no fault in modern mode', () => {
    assert.match(traceLines(viewOf(WORLDS.leak, 'loan', 'modern'), at())[0]!, /web 2\.0 ─▶ api 3\.0 +✔ reachable$/)
    assert.match(traceLines(viewOf(WORLDS.leak), at())[0]!, /✖ mixed$/)
  })

  it('show in modern mode what users will have once all is promoted, whichever Service is called', () => {
    const pair = legacyPair({ frontend: { next: { version: '2.0', env: { BACKEND_HOST: 'backend-active' } } } })
    const rows = viewOf(pair, 'loan', 'modern').traces.map((each) => [each.side, ...each.hops, each.verdict])
    assert.deepEqual(rows, [
      ['LIVE', 'my-frontend 1.0', 'my-backend 1.0', 'reachable'],
      ['NEXT', 'my-frontend 2.0', 'my-backend 2.0', 'reachable'],
    ])
  })

  it('say that a version still starts, rather than that its Service is empty', () => {
    const [, next] = viewOf(legacyPair({ backend: { next: { version: '2.0', available: 0 } } })).traces
    assert.deepEqual(
      [next?.side, next?.verdict, next?.detail],
      ['NEXT', 'starting', 'no pod of my-backend 2.0 is available yet'],
    )
  })

  it('say of one whose time is up that it has no pods, and not that they come', () => {
    const [, next] = viewOf(WORLDS.degraded).traces
    assert.deepEqual(
      [next?.side, next?.verdict, next?.detail],
      ['NEXT', 'no pods', 'no pod of my-backend 2.0 is available, and it is degraded'],
    )
  })
})
