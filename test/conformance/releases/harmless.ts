import assert from 'node:assert/strict'
import type { Finished } from '../../controlplane/run.ts'

/** Escape sequences, control characters, and marks that turn the direction of writing. */
export const EVIL = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202Elaer\u2066\u200f\r\nnext\u0008'

export const LONG = 'x'.repeat(100_000)

/**
 * Characters that would reach into a terminal: controls but the line's end, and those that turn the direction of
 * writing.
 */
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

/** Asserts that nothing of what a run has said reaches the terminal raw, and that it had an answer of its own. */
export function isHarmless({ stdout, stderr }: Finished, what: string): void {
  const index = (stdout + stderr).search(RAW)
  assert.ok(index < 0, `${what}: ${JSON.stringify((stdout + stderr).slice(Math.max(0, index - 60), index + 60))}`)
  assert.doesNotMatch(stdout + stderr, /internal error/, what)
}

/** What a run has said, as far as a message has room for. */
export function start({ code, stdout, stderr }: Finished): string {
  return `exit code ${code}\n${stdout}\n${stderr}`.slice(0, 2000)
}
