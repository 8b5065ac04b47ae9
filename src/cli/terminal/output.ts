import { isRaw, toJson } from '../../view/documents/documents.ts'
import { jsonPath } from '../../view/documents/jsonpath.ts'
import type { Drawing } from '../../view/draw/drawing.ts'
import { painter, wantsColour } from '../../view/draw/theme.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext, Output } from '../context.ts'
import { typedAs, typedIn } from '../group/target.ts'
import { choice, text } from '../line/arguments.ts'
import { didYouMean } from '../line/suggest.ts'

/** A format of `-o`; `jsonpath` carries its template. */
export interface Format<Name extends string> {
  readonly name: Name | 'text'
  readonly template: string
}

/** The format that `-o` asks for; `text` where it is absent. @throws UsageError for one the verb does not have */
export function formatOf<Name extends string>(args: Arguments, formats: readonly Name[]): Format<Name> {
  const value = text(args, 'output')
  if (value === undefined) return { name: 'text', template: '' }
  const [name = '', ...template] = value.split('=')
  const found = formats.find((each) => each === (template.length > 0 ? `${name}=TEMPLATE` : name))
  if (found === undefined)
    throw new UsageError(`-o ${JSON.stringify(value)} is none of ${formats.join(', ')}${didYouMean(value, formats)}`)
  return { name: found, template: template.join('=') }
}

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

/**
 * A document in one of the formats that documents have: with its last line break, or what a jsonpath makes of it.
 * @param template of `jsonpath` @throws JsonPathError
 */
export async function documentText(
  document: unknown,
  format: 'json' | 'yaml' | 'ndjson' | 'jsonpath=TEMPLATE',
  template = '',
): Promise<string> {
  if (format === 'jsonpath=TEMPLATE') return jsonPath(template, document)
  if (format !== 'yaml') return `${toJson(document, format === 'json' ? 4 : 0)}\n`
  const { dump } = await import('js-yaml')
  const yaml = dump(JSON.parse(toJson(document)), { noRefs: true, lineWidth: -1 })
  // Marks of direction stay as they are in YAML; JSON, which is YAML too, escapes them.
  return isRaw(yaml) ? `${toJson(document)}\n` : yaml
}
