import manifest from '../../../package.json' with { type: 'json' }
import type { Command } from '../command.ts'
import { CLIENT, outputOption } from '../line/options.ts'
import { documentText, formatOf } from '../terminal/format.ts'

const FORMATS = ['json', 'yaml'] as const

/** `version`: asks no cluster. */
export const version: Command = {
  options: { ...CLIENT, ...outputOption(FORMATS) },
  examples: [
    ['version', 'the version of this plugin'],
    ['version -o json', 'the same for a script'],
  ],
  async run(args, { stdout }) {
    const { name } = formatOf(args, FORMATS)
    if (name === 'text') stdout.write(`kubectl rollouts-group v${manifest.version}\n`)
    else
      stdout.write(
        await documentText({ apiVersion: 'rollouts-group/v1', kind: 'Version', version: `v${manifest.version}` }, name),
      )
    return 0
  },
}
