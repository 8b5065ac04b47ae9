import { COMMANDS } from '../../src/cli/line/verbs.ts'
import { run } from '../controlplane/run.ts'

const LAUNCHER = 'bin/kubectl-rollouts_group'

/** The pages that are made of the program's own help, by file. */
export async function commandPages(): Promise<ReadonlyMap<string, string>> {
  return new Map(
    await Promise.all(
      COMMANDS.map(async ({ name, summary }) => {
        const help = await run(LAUNCHER, ['help', name], { env: { COLUMNS: '100' } })
        if (help.code !== 0) throw new Error(help.stderr)
        const { usage, examples, options, notes } = parted(help.stdout)
        return [
          `docs/commands/${name}.md`,
          [
            `# ${name}`,
            `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`,
            fenced('text', [usage, ...options].join('\n\n')),
            '## Examples',
            fenced('sh', examples.join('\n\n').replaceAll(/^ {2}/gm, '')),
            ...(notes === '' ? [] : [notes.includes('\n  ') ? fenced('text', notes) : notes]),
            '[All commands](../README.md)\n',
          ].join('\n\n'),
        ] as const
      }),
    ),
  )
}

/** The paragraphs of a help screen by what they are; what is said of other screens is left out. */
function parted(help: string) {
  const [, usage = '', ...paragraphs] = help.trimEnd().replace('\nExamples:\n', '\n').split('\n\n')
  const below = paragraphs.filter((each) => !each.startsWith('Use "kubectl'))
  const examples = below.filter((each) => each.startsWith('  # '))
  const options = below.filter((each) => /^\w.*:\n +-/.test(each))
  const notes = below.filter((each) => !examples.includes(each) && !options.includes(each)).join('\n\n')
  return { usage, examples, options, notes }
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``
}
