import { at, list } from '../../domain/objects/fields.ts'
import { pathValues, shown } from './jsonpath.ts'
import { TemplateError } from './jsonpath-steps.ts'

/** A table of a document's own fields. */
export interface CustomColumns {
  readonly titles: readonly string[]
  /** One for each item of a list, else one for the document; a field that is not there is `<none>`. */
  readonly rows: readonly (readonly string[])[]
}

interface Spec {
  readonly title: string
  readonly path: string
}

/** The table of `-o custom-columns=TITLE:.path,…` (k8s.io/kubectl, get/customcolumn.go). @throws TemplateError */
export function customColumns(spec: string, document: unknown): CustomColumns {
  const columns = spec.split(/,(?![^[]*\])/).map((each): Spec => {
    const [, title, path] = /^([^:]*):(.*)$/s.exec(each) ?? []
    if (title === undefined) throw new TemplateError(`custom column ${JSON.stringify(each)} is not TITLE:.path`)
    return { title, path: path! }
  })
  return filled(columns, document)
}

/** The same where a file has the titles on its first line, and the paths below them. @throws TemplateError */
export function customColumnsFile(content: string, document: unknown): CustomColumns {
  const [titles = [], paths = []] = content.split('\n').map((line) => line.split(/\s+/).filter((each) => each !== ''))
  if (titles.length === 0 || titles.length !== paths.length)
    throw new TemplateError(
      'a file of custom columns has as many titles on its first line ' +
        `as paths on its second, not ${titles.length} and ${paths.length}`,
    )
  return filled(
    titles.map((title, index) => ({ title, path: paths[index]! })),
    document,
  )
}

function filled(columns: readonly Spec[], document: unknown): CustomColumns {
  const items = at(document, 'items')
  const objects = Array.isArray(items) ? list(items) : [document]
  return {
    titles: columns.map((each) => each.title),
    rows: objects.map((object) =>
      columns.map(({ path }) => {
        const found = path === '' ? [] : pathValues(path, object).filter((each) => each !== null)
        return found.length === 0 ? '<none>' : found.map(shown).join(',')
      }),
    ),
  }
}
