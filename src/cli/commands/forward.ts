import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { reachedOf, type Reached, type Side } from '../../domain/run/forwarding.ts'
import { MemberNotFound, mustKnow } from '../../execute/run.ts'
import { printable } from '../../text/printable.ts'
import { openGroupStore } from '../../watch/group-store.ts'
import { type Arguments, type Command, UsageError } from '../command.ts'
import { openLocalPort, type LocalPort } from '../forward/local-port.ts'
import { noSuchGroup, noSuchMember } from '../group/not-found.ts'
import { groupLabel, withGroup } from '../group/target.ts'
import { text, texts } from '../line/arguments.ts'
import { FORWARDING, GROUPING } from '../line/options.ts'
import { writeLines } from '../terminal/output.ts'
import { follow } from '../watch/follow.ts'

const FIRST: Readonly<Record<Side, number>> = { live: 9000, next: 9050 }

/** `forward GROUP [MEMBER…]`: what users have and what waits, each on a port of this machine. */
export const forward: Command = {
  options: { ...GROUPING, ...FORWARDING },
  examples: [
    ['forward loan', 'look at what users have, and beside it at what waits'],
    ['forward loan my-frontend my-backend --live-port 8000', 'two members, on ports 8000 and 8001; next on 9050, 9051'],
  ],
  notes:
    'Without members: those where users come in. Each port stays on a ready pod behind its Service: when the Service ' +
    'is pointed elsewhere, or the pod goes, the port goes along, and its connections are hung up on. Where there is ' +
    'none, it says so, and waits. Ends with Ctrl-C.',
  async run(args, context) {
    const only = texts(args, 'member').length === 0 ? undefined : texts(args, 'member')
    const first = { live: portOf(args, 'live'), next: portOf(args, 'next') }
    const servicePort = text(args, 'service-port')
    return withGroup(args, context, async (target) => {
      const ports = new Map<string, Promise<LocalPort>>()
      const leads = new Map<string, string>()
      const told = new Set<string>()
      const failed = ({ message }: Error): void => {
        if (!told.has(message)) writeLines(context.stderr, [printable(`error: ${message}`)])
        told.add(message)
      }
      const keyOf = ({ member, side }: Reached) => `${member} ${side}`
      const opened = (reached: Reached, nth: number): Promise<LocalPort> => {
        const port = first[reached.side] ?? FIRST[reached.side]
        const connect = (to: string, signal: AbortSignal) => {
          const [name = '', number] = to.split(' ')
          return target.cluster.forward({ namespace: target.scope.namespace, name }, Number(number), signal)
        }
        return openLocalPort({ first: port + nth, fixed: first[reached.side] !== undefined, connect, failed })
      }
      const lineOf = async (reached: Reached, nth: number): Promise<string> => {
        const key = keyOf(reached)
        if (!ports.has(key)) ports.set(key, opened(reached, nth))
        const local = await ports.get(key)!
        // It stays where it is as long as it can.
        const [before] = (leads.get(key) ?? '').split(' ')
        const pod = reached.pods.find((each) => each === before) ?? reached.pods[0]
        const to = pod === undefined ? undefined : `${pod} ${reached.port}`
        local.lead(to)
        leads.set(key, to ?? '')
        const who = pod === undefined ? `nobody: ${reached.words}` : `${reached.words} (pod ${pod})`
        return printable(`${reached.member}  ${reached.side}  http://127.0.0.1:${local.port}  ${who}`)
      }
      const render = async (snapshot: Snapshot): Promise<readonly string[]> => {
        if (snapshot.rollouts.length === 0) throw await noSuchGroup(target, groupLabel(args, context))
        const group = readGroup(snapshot, target.group, target.mode)
        try {
          mustKnow(only ?? [], { group })
        } catch (error) {
          throw error instanceof MemberNotFound ? noSuchMember(target.group, error) : error
        }
        const reached = reachedOf(group, snapshot, only, servicePort)
        const lines: string[] = []
        for (const [index, each] of reached.entries()) lines.push(await lineOf(each, Math.floor(index / 2)))
        return lines
      }
      try {
        return await follow(context, (signal) => openGroupStore(target.cluster, target.scope, signal), render)
      } finally {
        for (const each of await Promise.allSettled(ports.values())) if (each.status === 'fulfilled') each.value.close()
      }
    })
  },
}

function portOf(args: Arguments, side: Side): number | undefined {
  const given = text(args, `${side}-port`)
  if (given === undefined) return undefined
  const port = Number(given)
  if (/^\d+$/.test(given) && port > 0 && port <= 65_535) return port
  throw new UsageError(`--${side}-port ${JSON.stringify(given)} is no port: write a number from 1 to 65535`)
}
