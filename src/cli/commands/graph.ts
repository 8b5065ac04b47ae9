import { printable } from '../../text/printable.ts'
import { graphDot, graphMermaid, graphText, syncWaves } from '../../view/words/graph-text.ts'
import type { GroupView } from '../../view/words/group-view.ts'
import { graphDocument } from '../../view/documents/documents.ts'
import type { Command } from '../command.ts'
import { withView } from '../group/group-view.ts'
import { GROUPING, outputOption } from '../line/options.ts'
import { TEMPLATES } from '../line/formats.ts'
import { documentText, formatOf } from '../terminal/format.ts'
import { drawingOn, writeLines } from '../terminal/output.ts'

const FORMATS = ['mermaid', 'dot', 'json', 'yaml', ...TEMPLATES, 'sync-waves'] as const

/** `graph GROUP`: who calls whom, as found in addresses and annotations. */
export const graph: Command = {
  options: { ...GROUPING, ...outputOption(FORMATS) },
  examples: [
    ['graph loan', 'a tree from where users come in'],
    ['graph loan -o mermaid', 'for a page of documentation'],
    ['graph loan -o sync-waves', 'the commands that give Argo CD the order of deployment'],
  ],
  async run(args, context) {
    const format = formatOf(args, FORMATS)
    return withView(args, context, async (view) => {
      if (format.name === 'text') writeLines(context.stdout, graphText(view, drawingOn(context.stdout, args, context)))
      else if (isDrawn(format.name)) writeLines(context.stdout, DRAWINGS[format.name](view).map(printable))
      else context.stdout.write(await documentText(graphDocument(view), format.name, format.template))
      return 0
    })
  },
}

type Drawn = 'mermaid' | 'dot' | 'sync-waves'

function isDrawn(format: string): format is Drawn {
  return Object.hasOwn(DRAWINGS, format)
}

const DRAWINGS: Record<Drawn, (view: GroupView) => string[]> = {
  mermaid: ({ graph: drawn, rows }) =>
    graphMermaid(
      drawn,
      rows.map((row) => row.member.name),
    ),
  dot: ({ graph: drawn, rows, name }) =>
    graphDot(
      drawn,
      name,
      rows.map((row) => row.member.name),
    ),
  'sync-waves': ({ graph: drawn, namespace }) => syncWaves(drawn, namespace),
}
