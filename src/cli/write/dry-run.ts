import { EXIT } from '../../domain/run/outcome.ts'
import type { RunContext } from '../../execute/context.ts'
import type { Result } from '../../execute/run.ts'
import { planDocument } from '../../view/documents/documents.ts'
import { planMarkdown } from '../../view/words/plan-markdown.ts'
import { planScreen } from '../../view/words/plan-screen.ts'
import { dryRunScreen } from '../../view/words/report-screen.ts'
import type { Arguments } from '../command.ts'
import type { CliContext } from '../context.ts'
import type { Target } from '../group/target.ts'
import { choice } from '../line/arguments.ts'
import { RUN_FORMATS } from '../line/formats.ts'
import { documentText, formatOf } from '../terminal/format.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'
import { planFlags } from './saved-plan.ts'

/** What a dry run is to be; undefined where it is none. @throws UsageError */
export function dryRunOf(args: Arguments): RunContext['dryRun'] {
  const said = choice(args, 'dry-run', ['none', 'client', 'server'])
  return said === 'none' ? undefined : said
}

/** What `--dry-run` prints: the plan, whole with -o json or yaml, and what the server says of it. */
export async function shown(
  { plan, reports, exit }: Result,
  run: RunContext,
  target: Target,
  args: Arguments,
  context: CliContext,
): Promise<number> {
  const format = formatOf(args, RUN_FORMATS)
  const drawing = drawingOn(context.stdout, args, context)
  const drain = run.options.drain ?? 'pods'
  if (format.name === 'markdown')
    writeLines(context.stdout, planMarkdown(plan, target.cluster.context, drain, drawing.typed))
  else if (format.name !== 'text')
    context.stdout.write(
      await documentText(planDocument(plan, planFlags(args), drawing.typed), format.name, format.template),
    )
  else writeLines(context.stdout, [...planScreen(plan, target.cluster.context, drain, drawing), ...held(run, exit)])
  if (run.dryRun !== 'server' || exit === EXIT.refused) return exit
  const said = dryRunScreen(plan, reports, exit, drawing)
  writeLines(format.name === 'text' ? context.stdout : context.stderr, said)
  return exit
}

/** That a saved plan is still what would be done; where it is not, `report` says what differs. */
function held({ saved }: RunContext, exit: number): string[] {
  return saved === undefined || exit !== EXIT.done
    ? []
    : ['', 'The saved plan holds: nothing that it expects has changed.']
}
