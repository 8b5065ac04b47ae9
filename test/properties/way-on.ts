import { NAMESPACE } from './release-course.ts'
import { GROUP } from './release-files.ts'
import type { Walk } from './walk-course.ts'

/** Verbs that write. */
const WRITING = /^(release|settle|[a-z]+-all)$/
const FLAGS = `(?: -n ${NAMESPACE}| --[a-z-]+(?:=[^\\s;)]+| [a-z,]+(?= ))?)*`
const NAMED = new RegExp(`kubectl rollouts-group ([a-z-]+${FLAGS} ${GROUP}${FLAGS})`, 'g')
const MINUTE = 60_000

/** Where a walk leads on to: the commands that the tool named, and how the group stands then. */
export interface WayOn {
  readonly commands: readonly string[]
  /** Why it is not healthy; undefined where it is. */
  readonly ill: string | undefined
  /** What the tool says where it refuses one of them, and of the group in the end. */
  readonly said: string
}

/** Does what the tool itself names, at most so many commands; gate after gate is one. */
export async function wayOn(walk: Walk, most = 2): Promise<WayOn> {
  const commands: string[] = []
  let [again, refused, refusals, gates] = [true, '', '', 0]
  for (;;) {
    await walk.world.time.pass(20 * MINUTE)
    const ill = await illness(walk)
    const said = `${(await walk.run(['get-group', GROUP])).told}\n${(await walk.run(['check', GROUP])).told}`
    const named = namedIn(`${refused}\n${said}`).find((each) => again || each !== commands.at(-1))
    const goesOn = named === commands.at(-1) && ++gates < 5
    if (ill === undefined || named === undefined || (commands.length === most && !goesOn))
      return { commands, ill, said: `${refusals}${said}` }
    if (!goesOn) commands.push(named)
    // What the same sentence asks a person for first.
    if (named.includes('--trust-depends-on')) walk.putBack()
    const { exit, told } = await walk.run([...named.split(' '), '--yes', '--timeout=15m'])
    again = exit === 0
    refused = again ? '' : told
    refusals += refused
  }
}

/** The commands that write which a text names, in its order. */
function namedIn(text: string): string[] {
  return text
    .matchAll(NAMED)
    .map((each) => each[1]!)
    .filter((each) => WRITING.test(each.split(' ')[0]!))
    .toArray()
}

/** What a member lacks of being at rest with all its pods, or withdrawn with its users where they were. */
async function illness({ world: { store }, run, now }: Walk): Promise<string | undefined> {
  const lacks = store.list('rollouts').flatMap(({ metadata: { name }, spec, status }) => {
    const pods = store.list('pods', { labelSelector: `app=${name},rollouts-pod-template-hash=${status.stableRS}` })
    const ready = pods.filter((each) =>
      each.status.conditions?.some((one: any) => one.type === 'Ready' && one.status === 'True'),
    ).length
    const door = store.get('services', NAMESPACE, spec.strategy.blueGreen?.activeService ?? '')
    return [
      ...(spec.paused === true ? [`${name} is paused`] : []),
      ...(ready < spec.replicas ? [`${name} has ${ready} of ${spec.replicas} pods`] : []),
      ...(status.stableRS !== status.currentPodHash && status.abort !== true ? [`${name} waits`] : []),
      ...(door !== undefined && door.spec.selector['rollouts-pod-template-hash'] !== status.stableRS
        ? [`users of ${name} are elsewhere`]
        : []),
    ]
  })
  const waited = (goal: string) => run(['wait', GROUP, `--for=${goal}`, '--timeout=1m'])
  const healthy = await waited('healthy')
  const isThere = healthy.exit === 0 || (await waited('aborted')).exit === 0
  const found = [...lacks, ...now(), ...(isThere ? [] : [healthy.told])]
  return found.length === 0 ? undefined : found.join('; ')
}
