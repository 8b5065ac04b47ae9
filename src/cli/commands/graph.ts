import { readGroup } from '../../domain/group.ts'
import { printable } from '../../domain/printable.ts'
import { discover } from '../../live/discover.ts'
import { graphDot, graphMermaid, graphText, syncWaves } from '../../view/graph-text.ts'
import { groupView, type GroupView } from '../../view/group-rows.ts'
import { graphDocument } from '../../view/json.ts'
import type { Command } from '../command.ts'
import { listenForInterrupts } from '../interrupt.ts'
import { noSuchGroup } from '../not-found.ts'
import { GROUPING, outputOption } from '../options.ts'
import { documentText, drawingOn, formatOf, writeLines } from '../output.ts'
import { groupLabel, withGroup } from '../target.ts'

const FORMATS = ['mermaid', 'dot', 'json', 'sync-waves'] as const

/** `graph GROUP`: who calls whom, as found in addresses and annotations. */
export const graph: Command = {
  options: { ...GROUPING, ...outputOption(FORMATS) },
  examples: [
    ['graph loan', 'a tree from where users come in'], ['graph loan -o mermaid', 'for a page of documentation'],
    ['graph loan -o sync-waves', 'the commands that give Argo CD the order of deployment'],
  ],
  async run(args, context) {
    const format = formatOf(args, FORMATS)
    return withGroup(args, context, async (target) => {
      using interruption = listenForInterrupts(context)
      const snapshot = await discover(target.cluster, target.scope, interruption.stopping)
      if (snapshot.rollouts.length === 0) throw await noSuchGroup(target, groupLabel(args, context))
      const view = groupView(readGroup(snapshot, target.group, target.mode), context.clock.now())
      if (format.name === 'json') context.stdout.write(await documentText(graphDocument(view), 'json'))
      else if (format.name === 'text') writeLines(context.stdout, graphText(view, drawingOn(context.stdout, args, context)))
      else writeLines(context.stdout, DRAWINGS[format.name](view).map(printable))
      return 0
    })
  },
}

const DRAWINGS: Record<Exclude<(typeof FORMATS)[number], 'json'>, (view: GroupView) => string[]> = {
  'mermaid': ({ graph: drawn, rows }) => graphMermaid(drawn, rows.map((row) => row.member.name)),
  'dot': ({ graph: drawn, rows, name }) => graphDot(drawn, name, rows.map((row) => row.member.name)),
  'sync-waves': ({ graph: drawn, namespace }) => syncWaves(drawn, namespace),
}
