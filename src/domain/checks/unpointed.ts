import type { Finding } from '../findings/finding.ts'
import { liveService, nextService } from '../objects/strategy.ts'
import type { CheckContext } from './context.ts'
import { say } from './say.ts'

/**
 * Services that a strategy names, and whose selector has no pod template hash: a server-side apply, forced, takes it
 * out, and so does an edit by hand (seen on 1.10.1).
 */
export function unpointed(context: CheckContext): Finding[] {
  const { group } = context
  return group.members
    .filter(({ live, stale }) => live !== undefined && stale === undefined)
    .flatMap(({ name, strategy }) =>
      [liveService(strategy), nextService(strategy)]
        .filter((each) => each !== undefined && group.services.has(each) && !group.services.get(each)!.hash)
        .map((service) =>
          say(context, 'wired-to-both', {
            member: name,
            sentence:
              `Service ${service}, which rollout/${name} names, has no pod template hash in its selector, ` +
              'and selects every revision',
            remedy:
              'the controller puts it in when it looks again; whoever applies that Service must not own its ' +
              'selector: no server-side apply of it with --force-conflicts',
          }),
        ),
    )
}
