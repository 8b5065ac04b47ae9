import type { KubeObject } from '../../objects.ts'

/** The Services that a strategy names, in the order in which the controller looks for them, each with its field. */
export function namedServices({ spec }: KubeObject): readonly { readonly field: string; readonly name: string }[] {
  const { blueGreen, canary } = spec?.strategy ?? {}
  const found: readonly (readonly [field: string, name: unknown])[] =
    blueGreen !== undefined
      ? [
          ['blueGreen.activeService', blueGreen.activeService],
          ['blueGreen.previewService', blueGreen.previewService],
        ]
      : [
          ['canary.stableService', canary?.stableService],
          ['canary.canaryService', canary?.canaryService],
          ['canary.pingPong.pingService', canary?.pingPong?.pingService],
          ['canary.pingPong.pongService', canary?.pingPong?.pongService],
        ]
  return found.flatMap(([field, name]) => (typeof name === 'string' && name !== '' ? [{ field, name }] : []))
}

/** Whether a Rollout names a Service (utils/service CheckRolloutForService). */
export function namesService(rollout: KubeObject, service: string): boolean {
  return namedServices(rollout).some(({ name }) => name === service)
}
