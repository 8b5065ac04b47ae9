import type { Row } from '../border/row.ts'
import { TABLE } from '../border/table.ts'

export const BESIDE_KUBECTL = 'docs/beside-kubectl.md'

const INTRODUCTION = `# Beside kubectl

A kubeconfig, a proxy and a login that work for kubectl work here, and what kubectl refuses is refused. Each line below is run with the
built program against a server that records what it is sent (\`make test\`), and with kubectl 1.34 against the same server
(\`make conformance\`). Where the two differ, the reason stands beside it.`

/** What is no request: held by test/cli/as-kubectl.test.ts. */
const OUTPUTS = `## Outputs

| given | here | kubectl |
|---|---|---|
| \`-o go-template=TEMPLATE\`, \`-o go-template-file=FILE\` | exit code 2, and what to type: \`-o jsonpath=…\`, \`-o custom-columns=…\`, or \`-o json\` into \`jq\` | filled: Go's templates are a language with conditions, loops and functions, and no library outside of Go that many rely on fills all of it; half of it would print something else than kubectl does, under the same name |`

/** The page that is made of the table. */
export function besideKubectl(): string {
  const sections = [...TABLE].map(([section, rows]) => `## ${section}\n\n${table(rows)}`)
  return `${[INTRODUCTION, ...sections, OUTPUTS].join('\n\n')}\n`
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ case: what, seen, kubectl }) => {
    const other = kubectl === undefined ? 'the same' : `${sentence(kubectl.seen)}: ${kubectl.why}`
    return `| ${what} | ${sentence(seen)} | ${other} |`
  })
  return ['| given | the server sees | kubectl |', '|---|---|---|', ...lines].join('\n')
}

/** `Bearer t, refused`, as a reader takes it. */
function sentence(seen: string): string {
  const [who = '', ...more] = seen.replaceAll(/\S{30,}/g, '…').split(', ')
  const shown = /^(Bearer|Basic) \S+/.exec(who)?.[0]
  const first = shown === undefined ? who : `\`${shown}\`${who.slice(shown.length)}`
  return [first, ...more.map((each) => (each === 'refused' ? 'and it ends with a failure' : each))].join(', ')
}
