import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { GROUPING, MANIFESTS, outputOption } from '../line/options.ts'
import { RELEASING } from '../line/release-options.ts'

/** `release GROUP`: from a person's files to users, in one command. */
export const release: Command = {
  options: { ...MANIFESTS, ...GROUPING, ...RELEASING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['release loan -f 2.0.yaml', 'wire it, deploy it, prove it, ask once, promote it'],
    ['release loan -k next/ --smoke ./smoke.sh --forward', 'with a test of what waits, at ports of this machine'],
    ['release loan -f 2.0.yaml --yes --approve', 'in a pipeline: up to the gates, then exit code 7'],
    ['release loan -k next/ --bake 20s --on-failure=rollback', 'users come back where what they get first is bad'],
  ],
  notes:
    'Phases: settle (where consumers are left on preview Services) → deploy → smoke test → approval → promote → ' +
    'settle (with --wiring=preview). Each is planned from what the cluster shows: the same command made again ' +
    'goes on.\n' +
    'Without --wiring a group is deployed as its files are where that is proved, and pinned where it is not.\n' +
    'The smoke test gets RG_GROUP, RG_NAMESPACE, RG_RELEASE, and for each member, my-backend for one, ' +
    'RG_MY_BACKEND_VERSION, and RG_MY_BACKEND_LIVE and RG_MY_BACKEND_NEXT (host:port in the cluster) where a Service ' +
    'leads there: none leads to what waits of the entry of a pinned release. With --forward also ' +
    'RG_MY_BACKEND_LIVE_LOCAL and RG_MY_BACKEND_NEXT_LOCAL, of an entry, too.\n' +
    'A failure, a refused approval too, withdraws what waits; --on-failure=stop leaves it at its gates. With --bake ' +
    'the first wave is looked at before the second one, as by promote-all; a run that goes on looks for the rest of ' +
    'the time.',
  run: async (args, context) => (await import('../release/run-release.ts')).runRelease(args, context),
}
