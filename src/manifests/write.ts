import { Document, isCollection, isMap, isScalar, isSeq } from 'yaml'
import type { Edit, FieldPath } from '../domain/manifests/edit.ts'
import { DIALECT } from './dialect.ts'
import { hasAliases, type Text } from './parse.ts'
import type { ReadManifests } from './read.ts'

/** Manifests as a text again. */
export interface Written {
  readonly text: string
  /** Where comments were lost, since one text stood for several places. */
  readonly uncommented: readonly string[]
}

/**
 * The manifests with edits made and objects added before all others, as YAML: what is not edited is as it was, to the
 * letter; of the rest comments and order stay. A ResourceList stays one; all else becomes a stream of documents.
 */
export function writeManifests({ texts }: ReadManifests, edits: readonly Edit[], added: readonly unknown[]): Written {
  const written = texts.map((each) => withEdits(each, edits))
  const list = written.find(({ text }) => text.isResourceList)
  const items = list?.document.get('items')
  if (list !== undefined && isSeq(items) && added.length > 0) {
    items.items.unshift(...added.map((each) => list.document.createNode(each)))
    list.changed = true
  }
  const streams = [
    ...(list === undefined ? added.map((each) => new Document(each, DIALECT).toString(STYLE)) : []),
    ...written.filter(({ gone }) => !gone).map(textOf),
  ]
  return {
    text: streams.map((each, index) => (index === 0 ? each : behindOthers(each))).join(''),
    uncommented: written.flatMap(({ text, expanded }) =>
      expanded ? text.held.slice(0, 1).map(({ manifest }) => manifest.where) : [],
    ),
  }
}

/** A directive of YAML holds for the document before which it stands alone, and kubectl knows none behind others. */
function behindOthers(text: string): string {
  const plain = text.replace(/^((?:#.*\n|\s*\n)*)%YAML.*\n/, '$1')
  return /^(#.*\n|\s*\n)*---/.test(plain) ? plain : `---\n${plain}`
}

const STYLE = { lineWidth: 0, indentSeq: false } as const

interface Editing {
  readonly text: Text
  document: Document
  changed: boolean
  expanded: boolean
  /** It was one object, which is left out. */
  gone: boolean
}

function withEdits(text: Text, edits: readonly Edit[]): Editing {
  const own = edits.flatMap((edit) => {
    const held = text.held.find(({ manifest }) => manifest === edit.manifest)
    return held === undefined ? [] : [{ path: [...held.path, ...edit.path], to: edit.to, all: edit.path.length === 0 }]
  })
  const gone = own.filter(({ all, to }) => all && to === undefined)
  const expanded = own.length > 0 && hasAliases(text.document)
  const document = expanded
    ? new Document(text.document.toJS(), { ...DIALECT, aliasDuplicateObjects: false })
    : (text.document.clone() as Document)
  for (const { path, to } of own.filter((each) => !gone.includes(each))) {
    const node = document.getIn(path, true)
    if (to === undefined) document.deleteIn(path)
    else if (isScalar(node)) node.value = to
    else {
      makeWay(document, path)
      document.setIn(path, document.createNode(to))
    }
  }
  // The last items first: their places in the list are those of when it was read.
  const last = gone.map(({ path }) => path).sort((one, other) => Number(other.at(-1)) - Number(one.at(-1)))
  for (const path of last) if (path.length > 0) document.deleteIn(path)
  return { text, document, changed: own.length > 0, expanded, gone: last.some((path) => path.length === 0) }
}

/** Makes a map of what is none on the way, such as a key with nothing behind it, as templates leave it. */
function makeWay(document: Document, path: FieldPath): void {
  for (let depth = 1; depth < path.length; depth += 1) {
    const above = path.slice(0, depth)
    const node = document.getIn(above, true)
    if (node === undefined) return
    if (typeof path[depth] === 'number' ? isCollection(node) : isMap(node)) continue
    document.setIn(above, document.createNode({}))
  }
}

function textOf({ text, document, changed }: Editing): string {
  if (!changed) return text.source.endsWith('\n') ? text.source : `${text.source}\n`
  const { source } = text
  return document.toString({ ...STYLE, indentSeq: indents(source), flowCollectionPadding: /\{ \S/.test(source) })
}

/** Whether the items of lists stand deeper than their key. */
function indents(source: string): boolean {
  return /^( *)[\w./"'-]+:[ \t]*\n\1 +- /m.test(source)
}
