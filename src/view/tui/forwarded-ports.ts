import type { ForwardedPort } from '../../domain/run/forwarding.ts'
import { printable } from '../../text/printable.ts'
import type { Drawing } from '../draw/drawing.ts'
import { type Column, drawTable } from '../draw/table.ts'
import { type Cell, SIGNS } from '../draw/theme.ts'
import { wrap } from '../draw/width.ts'
import type { GroupView } from '../words/group-view.ts'
import { keyOf, type Model, type PortsShown, type ScreenState } from './state.ts'

const PORTS: readonly (Column & { cell(port: ForwardedPort): Cell })[] = [
  { title: 'FORWARDED', keep: 6, shrinksTo: 9, cell: ({ member, side }) => ({ text: `${member} ${side}` }) },
  { title: 'ON', keep: 9, shrinksTo: 21, cell: ({ address }) => ({ text: address, tone: 'strong' }) },
  {
    title: 'LEADS TO',
    keep: 7,
    shrinksTo: 8,
    yields: true,
    cell: ({ leadsTo, reached }) => ({
      text: leadsTo,
      shorter: [leadsTo.replace(/ \(pod .*\)$/, '')],
      tone: reached ? undefined : 'wait',
    }),
  },
]

/** What is forwarded of a group; nothing where it is none, or another one. */
function forwardedOf(view: GroupView, { forwarding }: ScreenState, { forwarded }: Model): PortsShown | undefined {
  return forwarding !== undefined && keyOf(forwarding) === keyOf(view) ? forwarded : undefined
}

/** The ports of this machine that lead to a group. */
export function portsOf(view: GroupView, state: ScreenState, model: Model): readonly ForwardedPort[] {
  return forwardedOf(view, state, model)?.ports ?? []
}

/** Where what is forwarded of a group is to be found, and what is wrong with it. */
export function portLines(view: GroupView, state: ScreenState, model: Model, drawing: Drawing): string[] {
  const { ports = [], trouble } = forwardedOf(view, state, model) ?? {}
  const wrong = trouble === undefined ? [] : wrap(printable(`${SIGNS.warn} ${trouble}`), drawing.width ?? Infinity)
  const cells = ports.map((port) => PORTS.map((column) => column.cell(port)))
  return [
    ...(ports.length === 0 ? [] : drawTable(PORTS, cells, drawing)),
    ...wrong.map((text) => drawing.paint({ text, tone: 'warn' })),
  ]
}
