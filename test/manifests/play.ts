import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { loadAll } from 'js-yaml'
import type { CliContext } from '../../src/cli/context.ts'
import { run } from '../../src/cli/run.ts'
import { controllers } from '../../src/sim/controllers/controllers.ts'
import { RESOURCES, type ResourceName } from '../../src/sim/objects.ts'
import { apply, type RawManifest } from '../../src/sim/scenarios/scenario.ts'
import type { Simulation } from '../../src/sim/simulation.ts'
import { VirtualCluster } from '../support/virtual-cluster.ts'

/**
 * What is done to the cluster: a file is applied, a member promoted (`promote web`), or an object deleted (`delete
 * Deployment web`); and how long nothing else is done then, where it is not two minutes: `next.yaml for 0.5 s`.
 */
export type Deed = string

/** One folder's history, on a cluster in which nothing else is. */
export interface Play {
  readonly folder: string
  readonly group: string
  /** Words that every command ends with. */
  readonly options: readonly string[]
  readonly deeds: readonly Deed[]
}

/** What one command printed, and how it ended. */
export interface Said {
  readonly text: string
  /** Of that, what went to standard output. */
  readonly stdout: string
  readonly exit: number
}

/** Runs a command line, without the program's own name. */
export type Ask = (...argv: readonly string[]) => Promise<Said>

/** Runs a command line that is given something on standard input. */
export type Pipe = (stdin: string, ...argv: readonly string[]) => Promise<Said>

const BEGIN = Date.UTC(2026, 0, 2, 12)
const THREE_DAYS = 3 * 24 * 60 * 60_000

/** Lives through a folder's history; after each deed the program may be asked. */
export async function live(
  { folder, deeds }: Play,
  look: (deed: Deed, ask: Ask, pipe: Pipe) => Promise<void>,
): Promise<void> {
  const world = new VirtualCluster({ controllers: controllers(), start: BEGIN }, folder)
  const { simulation } = world.time
  simulation.store.create('namespaces', undefined, { metadata: { name: folder } })
  for (const [index, each] of deeds.entries()) {
    const [deed = '', seconds = '120'] = each.split(/ for | s$/)
    carryOut(simulation, folder, deed)
    simulation.advanceTo(simulation.now + (index === 0 ? THREE_DAYS : 1000 * Number(seconds)))
    const pipe: Pipe = (stdin, ...argv) => world.time.until(said(world, argv, stdin))
    await look(deed, (...argv) => pipe('', ...argv), pipe)
  }
}

function carryOut(simulation: Simulation, folder: string, deed: Deed): void {
  const [verb, kind = '', name = ''] = deed.split(' ')
  if (verb === 'promote')
    simulation.store.patch('rollouts', folder, kind, {
      type: 'json',
      body: [{ op: 'remove', path: '/status/pauseConditions' }],
      subresource: 'status',
    })
  else if (verb === 'delete') simulation.store.remove(resourceOf(kind), folder, name)
  else for (const manifest of manifestsIn(`test/manifests/${folder}/${deed}`)) apply(simulation.store, folder, manifest)
}

function resourceOf(kind: string): ResourceName {
  const found = Object.entries(RESOURCES).find(([, resource]) => resource.kind === kind)
  if (found === undefined) throw new Error(`the simulated cluster serves no ${kind}`)
  return found[0] as ResourceName
}

function manifestsIn(path: string): RawManifest[] {
  return loadAll(readFileSync(path, 'utf8')) as RawManifest[]
}

async function said(world: VirtualCluster, argv: readonly string[], stdin: string): Promise<Said> {
  const written: string[] = []
  const out: string[] = []
  const { cluster, clock } = world.connect()
  const output = (...to: string[][]) => ({
    write: (text: string) => {
      for (const each of to) each.push(text)
    },
    isTTY: false,
    columns: undefined,
    closed: new AbortController().signal,
  })
  const context: CliContext = {
    stdout: output(written, out),
    stderr: output(written),
    stdin: { isTTY: false, stream: new PassThrough().end(stdin) },
    env: {},
    homedir: '/home/jane',
    tmpdir: '/tmp',
    user: 'jane@laptop',
    clock,
    newRunId: () => '5e1f',
    onInterrupt: () => () => {},
    // Of a namespace with thousands of Services a look reads few of them whole: here, of any.
    openCluster: async () => ({
      ...cluster,
      listFirst: (resource, query, most, signal) =>
        cluster.listFirst(resource, query, resource === 'services' ? { ...most, atMost: 1 } : most, signal),
    }),
  }
  const exit = await run(argv, context)
  return { text: written.join(''), stdout: out.join(''), exit }
}
