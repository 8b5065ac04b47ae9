import { choice } from '../line/arguments.ts'
import type { Command } from '../command.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { DEPLOYING, GROUPING, MANIFESTS, outputOption } from '../line/options.ts'

/** `deploy-all GROUP`: the next release of a group up to its gates, proved before anything of it is applied. */
export const deployAll: Command = {
  options: { ...MANIFESTS, ...GROUPING, ...DEPLOYING, ...outputOption(RUN_FORMATS) },
  examples: [
    ['deploy-all loan -k overlays/next', 'show what changes and what is proved, ask, and deploy it'],
    ['deploy-all loan -f release/ --dry-run', 'what would happen'],
    ['deploy-all loan -f - --yes', 'in a pipeline, of what a renderer writes'],
  ],
  notes:
    'Nobody has the new versions until promote-all; canaries have the users of their first weight. What the ' +
    'files no longer hold is left in the cluster.\nRun it again after a crash, a timeout or an interruption: ' +
    'what is in already is left alone.',
  async run(args, context) {
    const [{ runWriting }, { deploymentOf, manifestsIn }] = await Promise.all([
      import('../write/write.ts'),
      import('../write/deployment.ts'),
    ])
    return runWriting(args, context, 'deploy-all', {
      onFailure: choice(args, 'on-failure', ['stop', 'abort']) ?? 'stop',
      deployment: async (target, signal) =>
        deploymentOf(args, await manifestsIn(args, context, signal), target, context, signal),
    })
  },
}
