import type { Drawing } from '../../view/draw/drawing.ts'
import { painter, wantsColour } from '../../view/draw/theme.ts'
import type { Arguments } from '../command.ts'
import type { CliContext, Output } from '../context.ts'
import { typedAs, typedIn } from '../group/target.ts'
import { choice } from '../line/arguments.ts'

/** How to draw on a stream: its width where it is a terminal, and colours as --color says. */
export function drawingOn(output: Output, args: Arguments, context: CliContext): Drawing {
  const colour = wantsColour(choice(args, 'color', ['auto', 'always', 'never']) ?? 'auto', output.isTTY, context.env)
  return {
    width: output.isTTY ? (output.columns ?? 80) : undefined,
    paint: painter(colour),
    typed: context.typed === undefined ? typedAs(args) : typedIn(context.typed, args),
  }
}

export function writeLines(output: Output, lines: readonly string[]): void {
  if (lines.length > 0) output.write(`${lines.join('\n')}\n`)
}
