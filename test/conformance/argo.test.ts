import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import type { KubeObject } from '../controlplane/api.ts'
import type { Finished } from '../controlplane/run.ts'
import type { ApiServer } from '../support/api-server.ts'
import { argoManifests, type Source } from './argo/manifests.ts'
import { GROUP, type Look, looksAt } from './argo/looks.ts'
import { contradictions } from './argo/contradictions.ts'
import { isOfOneTime, type Recording, startPlayer } from './argo/recording.ts'
import { screenOf } from './argo/screen.ts'
import { runOfficialPlugin } from './support.ts'
import { openCluster } from '../../src/cluster/kube.ts'
import { inLanes } from './lanes.ts'
import { runCli } from '../support/cli-context.ts'
import { plane } from './plane.ts'

/** Manifests that are played at once; and of those, that are looked at with both plugins. */
const WIDTH = 16
const NARROW = 2

/** By the folder it is in. */
const sources = Object.groupBy(argoManifests(), ({ where }) => dirname(where))

describe("of Argo Rollouts' own manifests, at each moment, get-group and check contradict nothing that its own plugin shows:", function () {
  this.timeout('10m')
  let found: ReadonlyMap<Source, Promise<readonly string[]>>
  before(() => {
    const all = Object.values(sources).flatMap((each) => each ?? [])
    const looks = inLanes(new Map(all.map((each) => [each, () => looksAt(each)])), WIDTH)
    found = inLanes(new Map([...looks].map(([each, seen]) => [each, () => played(each, seen)])), NARROW)
  })
  for (const [folder, inside = []] of Object.entries(sources)) {
    it(`${folder}, ${inside.length} of them`, async () => {
      assert.deepEqual((await Promise.all(inside.map((each) => found.get(each)!))).flat(), [])
    })
  }
})

/** A busy plane changes while it is recorded: what is contradicted is played again, as life cycles are. */
async function played(source: Source, seen: Promise<readonly Look[]>): Promise<readonly string[]> {
  let looks = seen
  for (let left = 2; ; left--) {
    const found = await compare(await looks)
    if (found.length === 0 || left === 0) return found
    process.stderr.write(`played again: ${found[0]}\n`)
    looks = looksAt(source)
  }
}

async function compare(looks: readonly Look[]): Promise<readonly string[]> {
  const player = await startPlayer(looks.map(({ recording }) => recording))
  try {
    const found: string[] = []
    for (const [index, look] of looks.entries()) found.push(...(await compareOne(look, index, player)))
    return found
  } finally {
    await player.close()
  }
}

/** Both plugins look at one recording. */
async function compareOne({ title, namespace, recording }: Look, index: number, { url }: ApiServer) {
  const to = ['--server', `${url}/${index}`, '-n', namespace]
  const [rollout] = recording.get(`/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts`)!.items
  const ours = (...argv: readonly string[]) =>
    runCli([...argv, ...to], { elsewhere: (flags) => openCluster({ ...flags, env: {}, homedir: '/nonexistent' }) })
  const official = await screen(rollout!, to)
  // It shows nothing of a Rollout whose workload is gone.
  if (official.code !== 0 && workloadOf(rollout!, recording) === undefined) return []
  assert.equal(official.code, 0, `${title}: ${official.stderr}`)
  const table = await ours('get-group', GROUP)
  const document = await ours('get-group', GROUP, '-o', 'json')
  const check = await ours('check', GROUP)
  const said = {
    table: table.stdout,
    document: JSON.parse(document.stdout),
    check,
    isOfOneTime: isOfOneTime(recording),
  }
  return contradictions(rollout!, screenOf(official.stdout), said).map((each) => `${title}: ${each}`)
}

/** Of a workload it does not wait until it has read it, and shows nothing then: asked again. */
async function screen(rollout: KubeObject, to: readonly string[]): Promise<Finished> {
  for (let left = 5; ; left--) {
    const shown = await runOfficialPlugin(plane(), ['get', 'rollout', rollout.metadata.name, '--no-color', ...to])
    if (shown.code === 0 || left === 0) return shown
  }
}

function workloadOf({ spec, metadata }: KubeObject, recording: Recording): KubeObject | undefined {
  return recording
    .get(`/apis/apps/v1/namespaces/${metadata.namespace}/deployments`)!
    .items.find((each) => each.metadata.name === spec.workloadRef?.name)
}
