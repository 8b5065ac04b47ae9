import assert from 'node:assert/strict'
import type { RunEvent } from '../../src/domain/run/event.ts'
import { deploying, deploymentOf } from '../support/virtual-deploy.ts'
import { living, outcomes, type Run } from '../support/virtual-run.ts'
import { backend, type Change, frontend, pair } from '../support/virtual-scenes.ts'

const settled = () => living(pair({}, { next: [] }))
const ANALYSED: Change = () => ({ strategy: { prePromotionAnalysis: { templates: [{ templateName: 'smoke' }] } } })
const TEMPLATE = { metadata: { name: 'smoke' }, spec: { metrics: [{ name: 'smoke', count: 1 }] } }
const secondsOf = (events: readonly RunEvent[]) =>
  Math.round((events.find((each) => each.type === 'ended')?.after ?? -1) / 1000)

async function deployed(world: ReturnType<typeof settled>, run: Promise<Run>) {
  const { events, result } = await run
  const { reports } = await world.time.until(result)
  const detail = reports.find((each) => each.member === 'my-backend')!.detail
  return { outcome: outcomes(reports)['my-backend'], detail, seconds: secondsOf(events) }
}

const files = (change?: Change) => [...backend('2.0', change), ...frontend('2.0', 'preview')]

describe('a step whose Rollout the controller refuses', () => {
  it('ends at once where a Service asks for a label that the pod template has not', async () => {
    const world = settled()
    const run = deploying(world, files(), {
      on: (event) => {
        if (event.type !== 'patched' || event.member !== 'my-backend') return
        const body = { spec: { selector: { tier: 'backend' } } }
        world.store.patch('services', 'legacy', 'backend-active', { type: 'merge', body })
      },
    })
    const { outcome, detail, seconds } = await deployed(world, run)
    assert.equal(outcome, 'failed')
    assert.match(detail, /^the controller refuses it: .*Service "backend-active" has unmatch label "tier" in rollout/)
    assert.ok(seconds <= 2, `${seconds} s`)
  })

  it('ends once the controller has looked again where something is missing', async () => {
    const world = settled()
    const { outcome, detail, seconds } = await deployed(world, deploying(world, files(ANALYSED)))
    assert.equal(outcome, 'failed')
    assert.match(detail, /^the controller refuses it: .*AnalysisTemplate 'smoke' not found/)
    assert.equal(seconds, 30)
  })

  it('goes on where what is missing has come when the controller looks again', async () => {
    const world = settled()
    const run = deploying(world, files(ANALYSED), {
      on: (event) => {
        if (event.type === 'progress' && event.waitingFor.startsWith('the controller refuses its spec'))
          world.store.create('analysistemplates', 'legacy', TEMPLATE)
      },
    })
    assert.equal((await deployed(world, run)).outcome, 'done')
  })

  for (const [what, mended] of [
    ['another pod template', { version: '3.0' }],
    ['the same pod template', { version: '2.0' }],
  ] as const)
    it(`is not waited for by the files that mend it, with ${what}`, async () => {
      const world = settled()
      await deployed(world, deploying(world, files(ANALYSED)))
      const { version } = mended
      const files2 = [...backend(version), ...frontend(version, 'preview')]
      const { outcome, seconds } = await deployed(world, deploying(world, files2))
      assert.equal(outcome, 'done')
      assert.ok(seconds <= 5, `${seconds} s`)
    })

  it('is not wired otherwise for what no wiring mends', async () => {
    const world = settled()
    const body = { spec: { selector: { tier: 'backend' } } }
    world.store.patch('services', 'legacy', 'backend-preview', { type: 'merge', body })
    const { desired } = await deploymentOf(world, files())
    assert.equal(desired.wiring, 'wired as the files are')
  })
})
