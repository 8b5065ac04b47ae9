import { RELEASE } from '../objects/labels.ts'
import type { Revision } from './member.ts'
import { SETTLES } from './together.ts'

/**
 * A release that brings another one back is known by its ID, `1.0-u1`: the version of its pods stays 1.0. A version
 * that is numbered so itself, as `8-u202`, is none.
 */
const UNDO = /-u\d+$/

/** The release that a revision brings back; undefined where it brings none. */
export function broughtBack({ template, version }: Pick<Revision, 'template' | 'version'>): string | undefined {
  const label = template.labels.get(RELEASE)?.replace(SETTLES, '')
  return label === undefined || label === version.text || !UNDO.test(label) ? undefined : label.replace(UNDO, '')
}
