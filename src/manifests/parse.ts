import { type Document, isMap, LineCounter, parseAllDocuments, visit } from 'yaml'
import { at, list } from '../domain/objects/fields.ts'
import type { FieldPath } from '../domain/manifests/edit.ts'
import { type Manifest, parseManifest } from '../domain/manifests/manifest.ts'
import { DIALECT } from './dialect.ts'
import { ManifestError } from './manifest-error.ts'

/** One YAML document, and the objects that are in it. */
export interface Text {
  /** As it was read, from the end of the one before. */
  readonly source: string
  readonly document: Document.Parsed
  readonly held: readonly Held[]
  /** A list of KRM functions (config.kubernetes.io, ResourceList). */
  readonly isResourceList: boolean
  /** What such a list says to the function that it is given to. */
  readonly functionConfig: unknown
}

/** An object, and where it is in its document. */
export interface Held {
  readonly manifest: Manifest
  readonly path: FieldPath
}

/**
 * The documents of a stream of YAML or JSON, as kubectl reads them; comments of empty ones go with the next.
 * @throws ManifestError with the place, for what is no object
 */
export function parseManifests(source: string, name: string): Text[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(source, { ...DIALECT, lineCounter: lines })
  if (!Array.isArray(documents)) return []
  let from = 0
  return documents.flatMap((document): Text[] => {
    const [error] = document.errors
    if (error !== undefined)
      throw new ManifestError(`${name}:${error.linePos?.[0].line ?? 1} cannot be read: ${reasonOf(error.message)}`)
    const start = document.contents?.range[0] ?? document.range[0]
    const object: unknown = document.toJS({ maxAliasCount: 10_000 })
    if (object === null || object === undefined) return []
    const place = (path: FieldPath) => `${name}:${lines.linePos(startOf(document, path) ?? start).line}`
    const text = source.slice(from, document.range[2])
    from = document.range[2]
    const isList = isResourceList(object)
    const functionConfig = isList ? at(object, 'functionConfig') : undefined
    return [{ source: text, document, held: itemsOf(object, place), isResourceList: isList, functionConfig }]
  })
}

function itemsOf(object: unknown, place: (path: FieldPath) => string): Held[] {
  if (!isList(object)) return [held(object, [], place)]
  return list(at(object, 'items')).map((each, index) => {
    if (isList(each))
      throw new ManifestError(`${place(['items', index])} is a list in a list: take its items out of it`)
    return held(each, ['items', index], place)
  })
}

function held(object: unknown, path: FieldPath, place: (path: FieldPath) => string): Held {
  const where = place(path)
  const manifest = parseManifest(object, where)
  if ('why' in manifest) throw new ManifestError(`${where} is no Kubernetes object: ${manifest.why}`)
  return { manifest, path }
}

/** `v1 List`, a list of one kind, as an API server gives it, or one of KRM functions. */
function isList(object: unknown): boolean {
  const kind = at(object, 'kind')
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(at(object, 'items'))
}

function isResourceList(object: unknown): boolean {
  return at(object, 'kind') === 'ResourceList' && String(at(object, 'apiVersion')).startsWith('config.kubernetes.io/')
}

function startOf(document: Document.Parsed, path: FieldPath): number | undefined {
  const node = document.getIn(path, true)
  return isMap(node) ? node.range?.[0] : undefined
}

/** Without the excerpt, and with neither full stop nor capital. */
function reasonOf(message: string): string {
  const [first = message] = message.split(/ at line \d+|\n/)
  return first.charAt(0).toLowerCase() + first.slice(1).replace(/[.:\s]+$/, '')
}

/** Whether a document says one thing in two places, so that a change of one would change the other. */
export function hasAliases(document: Document): boolean {
  let found = false
  visit(document, {
    Alias() {
      found = true
      return visit.BREAK
    },
  })
  return found
}
