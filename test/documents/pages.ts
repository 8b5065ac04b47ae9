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
        const [before, after = ''] = help.stdout.split(/^Examples:\n/m) as [string, string?]
        const [examples, notes = ''] = split(after)
        return [
          `docs/commands/${name}.md`,
          [
            `# ${name}`,
            `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`,
            fenced('text', before.slice(before.indexOf('Usage:')).trimEnd()),
            ...(examples === '' ? [] : ['## Examples', fenced('sh', examples)]),
            ...(notes === '' ? [] : [notes.includes('\n  ') ? fenced('text', notes) : notes]),
            '[All commands](../README.md)\n',
          ].join('\n\n'),
        ] as const
      }),
    ),
  )
}

/** The examples, each a comment and a command line, and what is said below them. */
function split(text: string): [examples: string, notes: string] {
  const parts = text.trimEnd().split('\n\n')
  const first = parts.findIndex((each) => !each.startsWith('  #'))
  const examples = first < 0 ? parts : parts.slice(0, first)
  return [examples.join('\n\n').replaceAll(/^ {2}/gm, ''), first < 0 ? '' : parts.slice(first).join('\n\n')]
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``
}
