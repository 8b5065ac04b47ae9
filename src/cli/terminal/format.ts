import { readFileSync } from 'node:fs'
import { fileFailure } from '../../text/file-failure.ts'
import { customColumns, customColumnsFile, type CustomColumns } from '../../view/documents/custom-columns.ts'
import { isRaw, toJson } from '../../view/documents/documents.ts'
import { jsonPath, jsonPathAsJson } from '../../view/documents/jsonpath.ts'
import { drawTable } from '../../view/draw/table.ts'
import { type Arguments, UsageError } from '../command.ts'
import { flag, text } from '../line/arguments.ts'
import type { TEMPLATES } from '../line/formats.ts'
import { didYouMean } from '../line/suggest.ts'

type DocumentFormat = 'json' | 'yaml' | 'ndjson' | (typeof TEMPLATES)[number]

/** A format of `-o`; one with a template carries it, as it stands on the command line or in its file. */
export interface Format<Name extends string> {
  readonly name: Name | 'text'
  readonly template: string
  /** Whether the titles of columns are left out. */
  readonly noHeaders: boolean
}

/**
 * The format that `-o` asks for; `text` where it is absent.
 * @throws UsageError for one the verb does not have, or a template's file that cannot be read
 */
export function formatOf<Name extends string>(args: Arguments, formats: readonly Name[]): Format<Name> {
  const noHeaders = flag(args, 'no-headers')
  const value = text(args, 'output')
  if (value === undefined) return { name: 'text', template: '', noHeaders }
  const [name = '', ...more] = value.split('=')
  const found = formats.find((each) => each.split('=')[0] === name && each.includes('=') === more.length > 0)
  if (found === undefined) throw new UsageError(noSuchFormat(value, formats))
  const given = more.join('=')
  if (more.length > 0 && given === '') throw new UsageError(`-o ${value} lacks its template: write ${found}`)
  return { name: found, template: found.endsWith('=FILE') ? templateIn(given) : given, noHeaders }
}

function noSuchFormat(value: string, formats: readonly string[]): string {
  const go = value.startsWith('go-template') && formats.includes('json')
  const meant = go
    ? '; Go templates are not filled here: write a jsonpath or custom-columns, or pipe -o json into jq'
    : didYouMean(value, formats)
  return `-o ${JSON.stringify(value)} is none of ${formats.join(', ')}${meant}`
}

function templateIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`error reading template ${file}, ${fileFailure(error, file)}`)
  }
}

/**
 * A document in one of the formats that documents have: with its last line break, or what a template makes of it.
 * @throws TemplateError
 */
export async function documentText(
  document: unknown,
  format: DocumentFormat,
  template = '',
  noHeaders = false,
): Promise<string> {
  switch (format) {
    case 'json':
      return `${toJson(document)}\n`
    case 'ndjson':
      return `${toJson(document, 0)}\n`
    case 'yaml':
      return yaml(document)
    case 'jsonpath=TEMPLATE':
    case 'jsonpath-file=FILE':
      return jsonPath(template, document)
    case 'jsonpath-as-json=TEMPLATE':
      return jsonPathAsJson(template, document)
    case 'custom-columns=SPEC':
      return table(customColumns(template, document), noHeaders)
    case 'custom-columns-file=FILE':
      return table(customColumnsFile(template, document), noHeaders)
  }
}

async function yaml(document: unknown): Promise<string> {
  const { dump } = await import('js-yaml')
  const text = dump(JSON.parse(toJson(document)), { noRefs: true, lineWidth: -1 })
  // Marks of direction stay as they are in YAML; JSON, which is YAML too, escapes them.
  return isRaw(text) ? `${toJson(document)}\n` : text
}

async function table({ titles, rows }: CustomColumns, noHeaders: boolean): Promise<string> {
  const { grid: layout } = await import('../../view/draw/grid.ts')
  const columns = titles.map((title) => ({ title, keep: 0 }))
  const cells = rows.map((row) => row.map((each) => ({ text: each })))
  const lines = drawTable(columns, cells, { width: undefined, paint: (cell) => cell.text, headers: !noHeaders, layout })
  return lines.map((line) => `${line}\n`).join('')
}
