import { graphOf } from '../../domain/group/call-graph.ts'
import type { Group } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { at, text as textOf } from '../../domain/objects/fields.ts'
import { HASH_LABEL } from '../../domain/objects/labels.ts'
import { isReady } from '../../domain/objects/pod.ts'
import { type ForwardedPort, reachedOf, type Reached, type Side } from '../../domain/run/forwarding.ts'
import { printable } from '../../text/printable.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { Target } from '../group/target.ts'
import { text } from '../line/arguments.ts'
import { openLocalPort, type LocalPort } from './local-port.ts'

/** Ports of this machine for what users of members have and for what waits, kept where these are. */
export interface Forwarder {
  /** Leads each port where its side is now. @throws ClusterError where a port is taken */
  update(group: Group, snapshot: Snapshot): Promise<readonly ForwardedPort[]>
  /** Which port leads to whom, by `member live` and `member next`: `127.0.0.1:9000`. */
  readonly addresses: ReadonlyMap<string, string>
  close(): Promise<void>
}

/** Which members, and from which ports on. */
export interface ForwarderOptions {
  /** Absent: those where users come in. */
  readonly only?: readonly string[] | undefined
  /** Besides those where users come in. */
  readonly also?: string | undefined
  readonly first?: Readonly<Partial<Record<Side, number>>>
  readonly servicePort?: string | undefined
  /** Told once of each way in which a connection fails. */
  readonly failed: (sentence: string) => void
}

const FIRST: Readonly<Record<Side, number>> = { live: 9000, next: 9050 }

/** Opens no port before it is first led somewhere. */
export function openForwarder(
  { cluster, scope }: Pick<Target, 'cluster' | 'scope'>,
  options: ForwarderOptions,
): Forwarder {
  const { only, also, first = {}, servicePort, failed } = options
  const ports = new Map<string, LocalPort>()
  const leads = new Map<string, string>()
  const addresses = new Map<string, string>()
  const told = new Set<string>()
  const opened = (side: Side, nth: number): Promise<LocalPort> =>
    openLocalPort({
      first: (first[side] ?? FIRST[side]) + nth,
      fixed: first[side] !== undefined,
      connect: (to, signal) => {
        const [name = '', number] = to.split(' ')
        return cluster.forward({ namespace: scope.namespace, name }, Number(number), signal)
      },
      failed: ({ message }) => {
        if (!told.has(message)) failed(message)
        told.add(message)
      },
    })
  const podsOf = async (hash: string): Promise<readonly string[]> => {
    const query = { namespace: scope.namespace, labelSelector: `${HASH_LABEL}=${hash}` }
    const { items } = await cluster.list('pods', query)
    return items.filter(isReady).flatMap((each) => textOf(at(each, 'metadata', 'name')) ?? [])
  }
  const lead = async (reached: Reached, nth: number): Promise<ForwardedPort> => {
    const key = `${reached.member} ${reached.side}`
    const local = ports.get(key) ?? (await opened(reached.side, nth))
    ports.set(key, local)
    addresses.set(key, `127.0.0.1:${local.port}`)
    // It stays where it is as long as it can.
    const [before] = (leads.get(key) ?? '').split(' ')
    const pods = reached.hash === undefined ? reached.pods : await podsOf(reached.hash)
    const pod = pods.find((each) => each === before) ?? pods[0]
    const to = pod === undefined || reached.port === undefined ? undefined : `${pod} ${reached.port}`
    local.lead(to)
    leads.set(key, to ?? '')
    const { member, side, words } = reached
    const leadsTo = pod === undefined ? `nobody: ${words}` : `${words} (pod ${pod})`
    return { member, side, address: `http://127.0.0.1:${local.port}`, leadsTo, reached: pod !== undefined }
  }
  let turn: Promise<unknown> = Promise.resolve()
  return {
    addresses,
    update(group, snapshot) {
      const lines = turn.then(async () => {
        const found: ForwardedPort[] = []
        const members = also === undefined ? only : [...graphOf(group).entries, also]
        const reached = reachedOf(group, snapshot, members, servicePort)
        for (const [index, each] of reached.entries()) found.push(await lead(each, Math.floor(index / 2)))
        return found
      })
      turn = lines.catch(() => undefined)
      return lines
    },
    async close() {
      await turn
      for (const each of ports.values()) each.close()
    },
  }
}

/** A port as a command tells of it. */
export function portLine({ member, side, address, leadsTo }: ForwardedPort): string {
  return printable(`${member}  ${side}  ${address}  ${leadsTo}`)
}

/** The first ports of the command line. @throws UsageError for what is no port */
export function firstPorts(args: Arguments): Readonly<Partial<Record<Side, number>>> {
  return { ...portOf(args, 'live'), ...portOf(args, 'next') }
}

function portOf(args: Arguments, side: Side): Readonly<Partial<Record<Side, number>>> {
  const given = text(args, `${side}-port`)
  if (given === undefined) return {}
  const port = Number(given)
  if (/^\d+$/.test(given) && port > 0 && port <= 65_535) return { [side]: port }
  throw new UsageError(`--${side}-port ${JSON.stringify(given)} is no port: write a number from 1 to 65535`)
}
