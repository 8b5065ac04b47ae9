import type { Finding } from '../../domain/findings/finding.ts'
import { EXIT } from '../../domain/run/outcome.ts'
import { findingList } from '../../view/documents/documents.ts'
import type { GroupView } from '../../view/words/group-view.ts'
import type { Drawing } from '../../view/draw/drawing.ts'
import { wrap } from '../../view/draw/width.ts'
import { ASSUMPTIONS } from '../../view/words/assumptions.ts'
import { findingLines } from '../../view/words/finding.ts'
import { heading, leadingOn } from '../../view/words/group-screen.ts'
import { traceLines } from '../../view/words/traces.ts'
import { choice } from '../line/arguments.ts'
import type { Command } from '../command.ts'
import { withView } from '../group/group-view.ts'
import { CHECKING, GROUPING, outputOption } from '../line/options.ts'
import { TEMPLATES } from '../line/formats.ts'
import { documentText, formatOf } from '../terminal/format.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'

const FORMATS = ['wide', 'json', 'yaml', ...TEMPLATES] as const

/** `check GROUP`: every finding on the way forward, with its remedy; refused (3) where one is an error. */
export const check: Command = {
  options: { ...GROUPING, ...CHECKING, ...outputOption(FORMATS) },
  examples: [
    ['check loan -n legacy', 'what stands in the way of a promotion'],
    ['check loan -o json', 'the same for a script'],
    ['check loan -o wide', 'and what "proved" rests on'],
  ],
  notes:
    'Exits with 3 if a finding is an error; with --fail-on=warning if one is a warning, too: ' +
    'for a pipeline, before the next version is deployed. Nothing is written.',
  async run(args, context) {
    const format = formatOf(args, FORMATS)
    const failing: readonly Finding['severity'][] =
      choice(args, 'fail-on', ['error', 'warning']) === 'warning' ? ['error', 'warning'] : ['error']
    return withView(args, context, async (view) => {
      const { findings } = view.plan
      const exit = findings.some((each) => failing.includes(each.severity)) ? EXIT.refused : EXIT.done
      const drawing = drawingOn(context.stdout, args, context)
      if (format.name !== 'text' && format.name !== 'wide')
        context.stdout.write(
          await documentText(findingList(view, findings, exit, drawing.typed), format.name, format.template),
        )
      else
        writeLines(context.stdout, [
          ...heading(view, drawing),
          '',
          ...traceLines(view, drawing),
          '',
          ...findingText(findings, drawing),
          ...summary(findings),
          ...(format.name === 'wide' ? restsOn(drawing) : []),
          ...leadsOn(view, drawing),
        ])
      return exit
    })
  },
}

function findingText(findings: readonly Finding[], drawing: Drawing): string[] {
  // Consumers of one member are given the same manifest.
  const isFirst = (each: Finding, index: number) => findings.findIndex(({ yaml }) => yaml === each.yaml) === index
  return findings.flatMap((each, index) => [
    ...findingLines(each, drawing),
    ...(each.yaml === undefined || !isFirst(each, index)
      ? []
      : ['', ...each.yaml.split('\n').map((line) => drawing.paint({ text: `    ${line}`, tone: 'dim' }))]),
    '',
  ])
}

/** What the words of any group rest on. */
function restsOn({ width, paint }: Drawing): string[] {
  const lines = ASSUMPTIONS.flatMap((each) => {
    const [first = '', ...rest] = width === undefined ? [each] : wrap(each, width - 2)
    return [`- ${first}`, ...rest.map((line) => `  ${line}`)]
  })
  return ['', paint({ text: 'What "proved" rests on:', tone: 'strong' }), ...lines]
}

/** Where this very command is what leads on, it has said all. */
function leadsOn(view: GroupView, drawing: Drawing): string[] {
  const next = view.verdict.next === 'check' ? undefined : view.next
  const lines = leadingOn({ next, back: view.back }, drawing)
  return lines.length === 0 ? [] : ['', ...lines]
}

function summary(findings: readonly Finding[]): string[] {
  const count = (severity: Finding['severity'], noun: string) => {
    const number = findings.filter((each) => each.severity === severity).length
    return number === 0 ? [] : [`${number} ${noun}${number === 1 ? '' : 's'}`]
  }
  const counts = [...count('error', 'error'), ...count('warning', 'warning'), ...count('info', 'note')]
  return [counts.length === 0 ? 'Nothing to say: no error, no warning.' : `${counts.join(', ')}.`]
}
