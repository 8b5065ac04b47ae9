import { appliedByKubectl, fileOf } from '../files.ts'
import { killedAgainAndAgain } from '../killed.ts'
import type { World } from '../manifests.ts'
import type { Case, Cases } from '../play.ts'
import { canaries, diamond, mixture, pair, three } from '../worlds.ts'

const WORLDS: Readonly<Record<string, World>> = {
  'a pair': pair(),
  'three tiers': three,
  'a diamond': diamond,
  canaries,
  'a canary frontend over a blue/green backend': mixture,
}

/** Seconds: how long old pods stay, and pods take to start and to end. */
interface Pace {
  readonly stay: number
  readonly start: number
  readonly end: number
}

const PACES: readonly Pace[] = [5, 30].flatMap((stay) =>
  [1, 20].flatMap((start) => [0, 5].map((end) => ({ stay, start, end }))),
)

const at = (world: World, { stay, start, end }: Pace): World =>
  world.map((member) => ({
    ...member,
    strategy: { ...member.strategy, ...(member.kind !== 'canary' && { scaleDownDelaySeconds: stay }) },
    pods: {
      'pod-ready.stage.kwok.x-k8s.io/delay': `${start}s`,
      ...(end > 0 && { 'pod-delete.stage.kwok.x-k8s.io/delay': `${end}s` }),
    },
  }))

/** Released; released over kills; brought back; and forth again over kills. */
const backAndForth = (world: World, wiring: 'pinned' | 'preview'): Case => [
  world,
  async (scene) => {
    const release = async (version: string) => ['-f', await fileOf(scene, version), `--wiring=${wiring}`] as const
    await appliedByKubectl(scene)
    const probe = await scene.probe()
    await scene.succeeds('release', ...(await release('2.0')))
    await scene.isOn('2.0')
    await killedAgainAndAgain(scene, 'release', ...(await release('3.0')))
    await scene.isOn('3.0')
    await scene.succeeds('undo-all')
    await scene.isOn('2.0')
    await killedAgainAndAgain(scene, 'release', ...(await release('4.0')))
    await scene.isOn('4.0')
    await probe.clean()
  },
]

/** What takes too long to be played for every change: `make conformance-all`. */
export const long: Cases = Object.fromEntries(
  Object.entries(WORLDS).flatMap(([name, world]) =>
    (['pinned', 'preview'] as const).flatMap((wiring) =>
      PACES.map((pace): [string, Case] => [
        `${name}, ${wiring}, old pods stay ${pace.stay} s, start in ${pace.start} s, end in ${pace.end} s`,
        backAndForth(at(world, pace), wiring),
      ]),
    ),
  ),
)
