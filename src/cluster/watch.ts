import { at, text } from '../domain/objects/fields.ts'
import type { Attempt } from './attempt.ts'
import { ClusterError, type ObjectList, type WatchEvent } from './port.ts'
import { malformed, refusal } from './errors.ts'
import { classified, type Line, open } from './request.ts'
import { backOff } from './retry.ts'
import type { Answer } from './conversation.ts'

/** What one watch follows: how to list it, and how to watch it from a version on. */
export interface Followed {
  readonly attempt: Attempt
  list(signal: AbortSignal): Promise<ObjectList>
  pathFrom(resourceVersion: string): string
}

const CHANGES: { readonly [type: string]: 'added' | 'modified' | 'deleted' } = {
  ADDED: 'added',
  MODIFIED: 'modified',
  DELETED: 'deleted',
}

/**
 * Lists, then watches from that list's version on, for ever: a server that ends the watch is asked again from the last
 * version seen, a version it no longer knows (410) is listed anew, and a lost connection is told and tried again with
 * back-off.
 * @throws ClusterError where no retry can mend it: what is asked is refused, or not there
 */
export async function* follow(
  line: Line,
  followed: Followed,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void, undefined> {
  let version: string | undefined
  let everListed = false
  let failures = 0
  let lost = false
  while (!signal.aborted) {
    try {
      if (version === undefined) {
        const list = await followed.list(signal)
        version = list.resourceVersion
        everListed = true
        if (lost) yield { type: 'connected' }
        lost = false
        yield { type: 'listed', items: list.items }
      }
      let quiet = true
      const answer = await open(line, { method: 'GET', path: followed.pathFrom(version) }, followed.attempt, signal)
      if (lost) yield { type: 'connected' }
      lost = false
      for await (const event of events(line, followed.attempt, answer, signal)) {
        quiet = false
        failures = 0
        version = text(at(event, 'object', 'metadata', 'resourceVersion')) ?? version
        const type = CHANGES[text(at(event, 'type')) ?? '']
        if (type !== undefined) yield { type, object: at(event, 'object') }
      }
      if (quiet) await rest(line, 0, signal)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof ClusterError) || isLasting(error, everListed)) throw error
      if (error.reason === 'Expired') version = undefined
      else if (!lost) {
        lost = true
        yield { type: 'disconnected', reason: error.message }
      }
      await rest(line, failures, signal)
      failures += 1
    }
  }
}

/** A login that fails later may be mended by a person; at the start it is the answer. */
function isLasting({ reason }: ClusterError, everListed: boolean): boolean {
  switch (reason) {
    case 'Unauthorized':
    case 'Forbidden':
    case 'NotFound':
    case 'BadRequest':
    case 'Invalid':
      return true
    case 'Configuration':
      return !everListed
    default:
      return false
  }
}

async function rest({ tuning }: Line, failures: number, signal: AbortSignal): Promise<void> {
  try {
    await tuning.pause(backOff(failures, tuning.random), signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/**
 * The events of one watch until the server ends it. @throws ClusterError: lost, malformed, or what an ERROR event says
 */
async function* events(
  line: Line,
  attempt: Attempt,
  answer: Answer,
  signal: AbortSignal,
): AsyncGenerator<unknown, void, undefined> {
  try {
    for await (const part of lines(answer.body, line.tuning.maxBodyBytes)) {
      if (part === undefined)
        throw malformed(attempt, line.to, `holds an event larger than ${line.tuning.maxBodyBytes} bytes`)
      const event = parse(part)
      if (event === undefined)
        throw malformed(attempt, line.to, `holds an event that is not JSON (${part.length} bytes)`)
      if (at(event, 'type') === 'ERROR') throw failureOf(line, attempt, at(event, 'object'))
      yield event
    }
  } catch (error) {
    throw classified(line, attempt, error, signal, false)
  }
}

function failureOf(line: Line, attempt: Attempt, status: unknown): ClusterError {
  const code = at(status, 'code')
  return refusal(attempt, line.to, typeof code === 'number' ? code : 500, {}, JSON.stringify(status ?? {}))
}

/** The lines of a stream; an unfinished last one is left out, and undefined stands for one longer than `maxBytes`. */
async function* lines(
  stream: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<Buffer | undefined, void, undefined> {
  let parts: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    let from = 0
    for (let to = chunk.indexOf(10); to !== -1; to = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, to)])
      parts = []
      size = 0
      from = to + 1
      if (line.length > 0) yield line
    }
    parts.push(chunk.subarray(from))
    size += chunk.length - from
    if (size > maxBytes) yield undefined
  }
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    return undefined
  }
}
