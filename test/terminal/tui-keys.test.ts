import assert from 'node:assert/strict'
import { backend, frontend } from '../../src/sim/scenarios/legacy.ts'
import { abort, live, promote, type RawManifest, type Scenario } from '../../src/sim/scenarios/scenario.ts'
import { SCENARIOS } from '../../src/sim/scenarios.ts'
import type { Simulation } from '../../src/sim/simulation.ts'
import { KEYS } from '../../src/view/tui/keys.ts'
import { liveScreens, patchesIn } from '../support/live-screen.ts'
import { KEY, type TestTerminal } from '../support/terminal.ts'

type Lived = (simulation: Simulation, namespace: string) => void

const lived =
  (live_: readonly (readonly RawManifest[])[], next: typeof live_, then: Lived = () => {}): Lived =>
  (simulation, namespace) =>
    live(simulation, { namespace, live: live_, next, then: () => then(simulation, namespace) })

const OLD = [backend('1.0'), frontend('1.0', 'backend-active', 'settings-1')]
const NEW = [backend('2.0'), frontend('2.0', 'backend-preview', 'settings-2')]
/** Old pods stay for longer than anybody looks. */
const STAYS = { strategy: { scaleDownDelaySeconds: 10_000_000 } }
const UNREADY = { templateAnnotations: { 'pod-ready.stage.kwok.x-k8s.io/never': 'true' } }

/** States in which no scenario of the demo leaves a group. */
const MORE: Readonly<Record<string, Lived>> = {
  aborted: lived(OLD, NEW, (simulation, namespace) => {
    for (const name of ['my-frontend', 'my-backend']) abort(simulation, namespace, name)
  }),
  'half-deployed': lived(OLD, NEW.slice(0, 1)),
  first: lived([], [backend('1.0'), frontend('1.0', 'backend-active', 'settings-1', UNREADY)]),
  draining: lived(
    [backend('1.0'), frontend('1.0', 'backend-active', 'settings-1', STAYS)],
    [backend('2.0'), frontend('2.0', 'backend-preview', 'settings-2', STAYS)],
    (simulation, namespace) => promote(simulation, namespace, 'my-frontend'),
  ),
}

const OF_THE_DEMO = ['legacy', 'plain', 'canary', 'miswired', 'stuck', 'partial', 'outage'].map(
  (name) => SCENARIOS[name]!,
)

/** A cluster with a namespace for each state. */
const EVERY: Scenario = {
  name: 'every',
  namespace: 'legacy',
  group: 'loan',
  summary: '',
  build(simulation) {
    for (const { build } of OF_THE_DEMO) build(simulation)
    for (const [namespace, build] of Object.entries(MORE)) build(simulation, namespace)
  },
}
const STATES = [
  ...OF_THE_DEMO.map((each) => `${each.namespace}/${each.group}`),
  ...Object.keys(MORE).map((each) => `${each}/loan`),
]

/** Those that leave, and those that may change nothing that is seen. */
const APART = new Set([
  'q',
  'ctrl-c',
  'ctrl-z',
  'ctrl-l',
  'up',
  'down',
  'pageup',
  'pagedown',
  'home',
  'end',
  'esc',
  ' ',
])
const ALL_KEYS = KEYS.map(({ keys }) => keys[0]!).filter((key) => !APART.has(key))
/** Those whose answer is another one in each state. */
const DEPENDING = ['enter', 'p', 'a', 'r', 'u', 'P', 'd']
const TYPED: Readonly<Record<string, string>> = { enter: KEY.enter }

/** The page of a group, with nothing asked. */
const isHome = (text: string) => / MEMBER [^]*\? help/.test(text) && !/╭|filter: |go to: |only what is wrong/.test(text)

/** Why a key did nothing, or what it did. */
const hasNotice = (text: string) => /^· /m.test(text.split('\n').slice(-4).join('\n'))

/** Goes to a group, presses keys there, and comes back from where each has led. */
async function pressAll(terminal: TestTerminal, state: string, keys: readonly string[]): Promise<void> {
  const seen = (isSo: (text: string) => boolean) => terminal.until(() => isSo(terminal.text()))
  terminal.type(':', state, KEY.enter)
  await terminal.shows(new RegExp(`^Group ${state.split('/')[1]} [^]* namespace ${state.split('/')[0]} `))
  await seen(isHome)
  for (const key of keys) {
    if (hasNotice(terminal.text())) terminal.type(KEY.up)
    await seen((text) => !hasNotice(text))
    terminal.type(TYPED[key] ?? key)
    // What is only worked out yet becomes a question, or a reason.
    await seen((text) => (hasNotice(text) && !text.includes('being worked out')) || !isHome(text))
    assert.doesNotMatch(terminal.text(), /internal error/)
    if (isHome(terminal.text())) continue
    terminal.type(KEY.esc)
    await seen(isHome)
  }
}

describe('every key of the live screen', function () {
  this.timeout(60_000)
  const { open } = liveScreens()

  it('answers in every state of a group, and without a yes sends nothing', async () => {
    const { terminal, sim } = await open(EVERY, { words: ['-A'] })
    await terminal.shows(new RegExp(`${STATES.length} groups`))
    for (const [index, state] of STATES.entries()) await pressAll(terminal, state, index === 0 ? ALL_KEYS : DEPENDING)
    assert.deepEqual(patchesIn(sim), [])
    terminal.type('q')
    assert.equal(await terminal.exit, 0)
  })
})
