import type { PatchOptions } from '../cluster/port.ts'
import type { StepWrite } from '../domain/actions/patch.ts'
import { objectsOf } from '../domain/deploy/desired.ts'
import { at, text } from '../domain/objects/fields.ts'
import type { RunContext } from './context.ts'

/**
 * Sends the write of a step. @returns the resourceVersion that it left the Rollout with; empty where it wrote another
 * object @throws ClusterError
 */
export async function send(
  { cluster, scope: { namespace }, deployment }: Pick<RunContext, 'cluster' | 'scope' | 'deployment'>,
  write: StepWrite,
  options: Omit<PatchOptions, 'subresource'>,
): Promise<string> {
  if (write.kind === 'patch') {
    const { resource, name, operations, subresource } = write
    const answer = await cluster.patch(resource, { namespace, name }, operations, {
      ...options,
      ...(subresource !== undefined && { subresource }),
    })
    return resource === 'rollouts' ? versionOf(answer) : ''
  }
  let left = ''
  for (const { kind, given } of objectsOf(write.member, deployment!.desired)) {
    const answer = await deployment!.applier.apply(given, options)
    if (kind === 'Rollout') left = versionOf(answer)
  }
  return left
}

function versionOf(answer: unknown): string {
  return text(at(answer, 'metadata', 'resourceVersion')) ?? ''
}
