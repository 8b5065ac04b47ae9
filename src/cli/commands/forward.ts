import { readGroup } from '../../domain/group/read-group.ts'
import type { Snapshot } from '../../domain/group/snapshot.ts'
import { MemberNotFound, mustKnow } from '../../execute/not-found.ts'
import { printable } from '../../text/printable.ts'
import { openGroupStore } from '../../watch/group-store.ts'
import type { Command } from '../command.ts'
import { firstPorts, openForwarder, portLine } from '../forward/forwarder.ts'
import { noSuchGroup, noSuchMember } from '../group/not-found.ts'
import { groupLabel, withGroup } from '../group/target.ts'
import { text, texts } from '../line/arguments.ts'
import { FORWARDING, GROUPING } from '../line/options.ts'
import { writeLines } from '../terminal/output.ts'
import { follow } from '../watch/follow.ts'

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
    const options = { only, first: firstPorts(args), servicePort: text(args, 'service-port') }
    return withGroup(args, context, async (target) => {
      const failed = (sentence: string) => writeLines(context.stderr, [printable(`error: ${sentence}`)])
      const forwarder = openForwarder(target, { ...options, failed })
      const render = async (snapshot: Snapshot): Promise<readonly string[]> => {
        if (snapshot.rollouts.length === 0) throw await noSuchGroup(target, groupLabel(args, context))
        const group = readGroup(snapshot, target.group, target.mode)
        try {
          mustKnow(only ?? [], { group })
        } catch (error) {
          throw error instanceof MemberNotFound ? noSuchMember(target.group, error) : error
        }
        return (await forwarder.update(group, snapshot)).map(portLine)
      }
      try {
        return await follow(context, (signal) => openGroupStore(target.cluster, target.scope, signal), render)
      } finally {
        await forwarder.close()
      }
    })
  },
}
