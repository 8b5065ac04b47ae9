import { randomUUID } from 'node:crypto'
import { readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import type { ControlPlane } from '../controlplane/start.ts'

/** One request as the API server saw it. */
export interface AuditedRequest {
  readonly verb: string
  /** With its subresource: `rollouts/status`. */
  readonly resource: string
  readonly namespace: string
  readonly name: string
  readonly user: string
  readonly userAgent: string
  /** The HTTP status it was answered with. */
  readonly code: number
  /** Of writes to Rollouts, AnalysisRuns and Deployments; a JSON patch is its list of operations. */
  readonly body: unknown
}

export interface AuditFilter {
  readonly namespace: string
  readonly user?: string
  /** Matches where the user agent begins with it. */
  readonly userAgent?: string
  /** Absent: `patch` alone. */
  readonly verbs?: readonly string[]
}

/** All requests answered so far that match, in the order in which they reached the API server. */
export async function requestsOf(
  plane: ControlPlane,
  { namespace, user, userAgent = '', verbs = ['patch'] }: AuditFilter,
): Promise<AuditedRequest[]> {
  const log = await completeLog(plane)
  return log
    .split('\n')
    .filter((line) => line.includes(namespace))
    .map((line) => JSON.parse(line))
    .filter(
      (event) =>
        event.objectRef?.namespace === namespace &&
        verbs.includes(event.verb) &&
        event.userAgent.startsWith(userAgent) &&
        (user === undefined || event.user.username === user),
    )
    .sort((one, other) => one.requestReceivedTimestamp.localeCompare(other.requestReceivedTimestamp))
    .map(({ verb, objectRef, user, userAgent, responseStatus, requestObject }) => ({
      verb,
      resource: [objectRef.resource, objectRef.subresource].filter(Boolean).join('/'),
      namespace: objectRef.namespace,
      name: objectRef.name,
      user: user.username,
      userAgent,
      code: responseStatus.code,
      body: requestObject,
    }))
}

/** The log, once a request of our own has arrived in it: all earlier ones are there then. */
async function completeLog({ api, dir }: ControlPlane): Promise<string> {
  const path = join(dir, 'audit.log')
  const marker = randomUUID()
  const { promise, resolve } = Promise.withResolvers<string>()
  const look = (): void => {
    const log = readFileSync(path, 'utf8')
    if (log.includes(marker)) resolve(log)
  }
  const watcher = watch(path, look)
  try {
    await api.get(`/version?marker=${marker}`)
    look()
    return await promise
  } finally {
    watcher.close()
  }
}
