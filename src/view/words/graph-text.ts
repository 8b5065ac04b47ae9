import type { Graph } from '../../domain/group/call-graph.ts'
import { SYNC_WAVE } from '../../domain/objects/labels.ts'
import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { flow } from '../draw/flow.ts'
import { truncate } from '../draw/width.ts'
import type { GroupView } from './group-view.ts'

/** Who calls whom as a tree from where users come in; what was drawn before is only named again. */
export function graphText({ graph, rows, name, namespace }: GroupView, { paint, width = Infinity }: Drawing): string[] {
  const lines = [
    ...flow([{ text: `Group ${name}`, tone: 'strong' }, { text: `namespace ${namespace}` }], '   ', '  ', width, paint),
    '',
  ]
  const drawn = new Set<string>()
  const draw = (member: string, source: string, indent: string, branch: string, following: string) => {
    const below = graph.edges.filter((each) => each.consumer === member)
    const again = drawn.has(member) && below.length > 0 ? ' (above)' : ''
    const node = `${indent}${branch}${printable(member)}`
    const line = truncate(node + source + again, width)
    lines.push(line.slice(0, node.length) + paint({ text: line.slice(node.length), tone: 'dim' }))
    if (drawn.has(member)) return
    drawn.add(member)
    for (const [index, edge] of below.entries()) {
      const last = index === below.length - 1
      draw(
        edge.dependency,
        edge.wired ? '' : `  (${edge.source}, no address found)`,
        indent + following,
        last ? '└─▶ ' : '├─▶ ',
        last ? '    ' : '│   ',
      )
    }
  }
  for (const entry of graph.entries) draw(entry, '', '', 'users ─▶ ', ' '.repeat(9))
  for (const { member } of rows) if (!drawn.has(member.name)) draw(member.name, '', '', '      ─▶ ', ' '.repeat(9))
  return lines
}

/** The graph for mermaid: https://mermaid.js.org/syntax/flowchart.html */
export function graphMermaid(graph: Graph, members: readonly string[]): string[] {
  const id = new Map(members.map((name, index) => [name, `m${index}`]))
  return [
    'flowchart LR',
    ...members.map((name) => `  ${id.get(name)}[${JSON.stringify(name)}]`),
    ...(graph.entries.length > 0
      ? ['  users((users))', ...graph.entries.map((name) => `  users --> ${id.get(name)}`)]
      : []),
    ...graph.edges.map(
      (each) => `  ${id.get(each.consumer)} ${each.wired ? '-->' : '-.->'} ${id.get(each.dependency)}`,
    ),
  ]
}

/** The graph for Graphviz. */
export function graphDot(graph: Graph, name: string, members: readonly string[]): string[] {
  const quoted = JSON.stringify
  return [
    `digraph ${quoted(name)} {`,
    '  rankdir=LR',
    ...members.map(
      (member) => `  ${quoted(member)}${graph.entries.includes(member) ? ' [shape=box, style=bold]' : ' [shape=box]'}`,
    ),
    ...graph.edges.map(
      (each) => `  ${quoted(each.consumer)} -> ${quoted(each.dependency)}${each.wired ? '' : ' [style=dashed]'}`,
    ),
    '}',
  ]
}

/** For Argo CD: annotations that apply dependencies first, as one kubectl command a member. */
export function syncWaves(graph: Graph, namespace: string): string[] {
  return [...graph.layers]
    .reverse()
    .flatMap((layer, wave) =>
      layer.map((name) => `kubectl annotate rollout ${name} ${SYNC_WAVE}=${wave} -n ${namespace} --overwrite`),
    )
}
