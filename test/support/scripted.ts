import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { openCluster } from '../../src/cluster/kube.ts'
import { type Cluster, ClusterError } from '../../src/cluster/port.ts'
import type { ConnectionFlags } from '../../src/cluster/flags.ts'
import type { Tuning } from '../../src/cluster/tuning.ts'
import { flagsTo, json, listOf, refuse, startApiServer, type ApiServer, type Response } from './api-server.ts'

/** What a scripted server does with one request. */
export type Step = (response: Response) => void

export const never: Step = () => undefined

/** Resets the stream, or drops the connection. */
export const cut: Step = (response) => {
  if ('stream' in response) response.stream.close(2)
  else response.socket!.destroy()
}

export function ok(body: unknown = { done: true }): Step {
  return (response) => json(response, body)
}

export function list(names: readonly string[], resourceVersion = '1', more: Record<string, string> = {}): Step {
  return ok(listOf(names, resourceVersion, more))
}

export function no(code: number, reason = '', headers: Record<string, string> = {}): Step {
  return (response) => refuse(response, code, reason, `said ${code}`, { name: 'my-backend', headers })
}

export function raw(body: Buffer | string, headers: Record<string, string> = {}): Step {
  return (response) =>
    (response as ServerResponse).writeHead(200, { 'content-type': 'application/json', ...headers }).end(body)
}

/** Sends chunks and then leaves the answer open, ends it, or cuts it. */
export function stream(chunks: readonly (string | Buffer)[], then: 'stay' | 'end' | 'cut' = 'stay'): Step {
  return (response) => {
    const plain = response as ServerResponse
    plain.writeHead(200, { 'content-type': 'application/json' })
    plain.flushHeaders?.()
    for (const chunk of chunks) plain.write(chunk)
    if (then === 'end') plain.end()
    if (then === 'cut') setImmediate(() => cut(response))
  }
}

export interface Scripted {
  readonly server: ApiServer
  readonly cluster: Cluster
  /** The pauses the adapter asked for; none is waited for. */
  readonly pauses: readonly number[]
  close(): Promise<void>
}

/** A cluster whose server answers each request with the next step, and for ever with the last one. */
export async function scripted(
  steps: readonly Step[],
  tuning: Partial<Tuning> = {},
  flags: Partial<ConnectionFlags> = {},
  protocol: 'h2' | 'http' = 'http',
): Promise<Scripted> {
  let next = 0
  const pauses: number[] = []
  const server = await startApiServer(protocol, (_, response) => steps[Math.min(next++, steps.length - 1)]!(response))
  const cluster = await openCluster(flagsTo(server, flags), {
    pause: async (milliseconds) => {
      pauses.push(milliseconds)
    },
    random: () => 1,
    ...tuning,
  })
  return {
    server,
    cluster,
    pauses,
    async close() {
      await cluster.close()
      await server.close()
    },
  }
}

/** The ClusterError a promise ends with. */
export async function failure(promise: Promise<unknown>): Promise<ClusterError> {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof ClusterError, String(error))
    return error
  }
  return assert.fail('nothing was thrown')
}
