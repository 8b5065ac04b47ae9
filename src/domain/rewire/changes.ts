import { type Edit, type FieldPath, valueAt } from '../manifests/edit.ts'
import { manifestName } from '../manifests/manifest.ts'
import { at, text } from '../objects/fields.ts'
import type { Rewired } from './rewire.ts'

/** Each change as a line for people: what, where, from and to. */
export function changesOf({ edits, added }: Pick<Rewired, 'edits' | 'added'>): string[] {
  return [
    ...edits.map((each) => {
      const { manifest, path, from, to } = each
      const place = `${manifestName(manifest)} (${manifest.where})`
      if (path.length === 0) return `${place}: left out`
      return `${place}: ${spelled(each)}: ${pair(from, to)}`
    }),
    ...added.map((each) => {
      const selector = at(each, 'spec', 'selector')
      const name = `${text(at(each, 'kind'))} ${text(at(each, 'metadata', 'name'))}: new`
      return selector === undefined ? name : `${name}, selects ${labelsOf(selector)}`
    }),
  ]
}

/** `spec.template.spec.containers[web].env[API_URL].value`: items of lists by their names. */
function spelled({ manifest, path }: Edit): string {
  return path
    .map((key, index) => {
      if (typeof key === 'string') return /^[\w-]+$/.test(key) ? `.${key}` : `[${key}]`
      return `[${nameOf(manifest.object, path.slice(0, index + 1)) ?? key}]`
    })
    .join('')
    .replace(/^\./, '')
}

function nameOf(object: unknown, path: FieldPath): string | undefined {
  return text(at(valueAt(object, path), 'name'))
}

/** Most letters of a value that are worth a line. */
const MOST = 100

/** A value before and after; of a long one the part that changes. */
function pair(from: unknown, to: unknown): string {
  const [before, after] = [from, to].map((each) => (each === undefined ? 'nothing' : (JSON.stringify(each) ?? '')))
  const same = [...before!].findIndex((letter, index) => letter !== after![index])
  return `${around(before!, same)} → ${around(after!, same)}`
}

function around(text: string, place: number): string {
  if (text.length <= MOST) return text
  const start = Math.max(0, Math.min(place - MOST / 2, text.length - MOST))
  return `${start > 0 ? '…' : ''}${text.slice(start, start + MOST)}${start + MOST < text.length ? '…' : ''}`
}

function labelsOf(selector: unknown): string {
  return Object.entries(selector as Record<string, unknown>)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',')
}
