import { blueGreen, configMap, env, envByKey, type MemberSpec } from './manifests.ts'
import { abort, live, type RawManifest, promote, type Scenario, unready } from './scenario.ts'

const GROUP = 'loan'

/** The reference application's backend (examples/legacy). */
export function backend(version: string): readonly RawManifest[] {
  return blueGreen({
    name: 'my-backend',
    services: 'backend',
    group: GROUP,
    replicas: 3,
    settings: env({ APP_VERSION: version }),
  })
}

/**
 * Its frontend: which backend it calls, and its version, are in a ConfigMap with a name of its own for each revision.
 */
export function frontend(
  version: string,
  backendHost: string,
  config: string,
  more: Partial<MemberSpec> = {},
): readonly RawManifest[] {
  return [
    configMap(config, { APP_VERSION: version, BACKEND_HOST: backendHost }),
    ...blueGreen({
      name: 'my-frontend',
      services: 'frontend',
      group: GROUP,
      replicas: 3,
      settings: envByKey(config, ['APP_VERSION', 'BACKEND_HOST']),
      ...more,
    }),
  ]
}

const LIVE = [backend('1.0'), frontend('1.0', 'backend-active', 'my-frontend-settings-7hc895d47h')]
const NEXT = [backend('2.0'), frontend('2.0', 'backend-preview', 'my-frontend-settings-4b7hkt7294')]

export const legacy: Scenario = {
  name: 'legacy',
  namespace: 'legacy',
  group: GROUP,
  summary: 'frontend and backend, blue/green: 1.0 is live, 2.0 waits, each frontend wired to its own backend',
  build: (simulation) => live(simulation, { namespace: 'legacy', live: LIVE, next: NEXT }),
}

export const miswired: Scenario = {
  name: 'miswired',
  namespace: 'miswired',
  group: GROUP,
  summary: 'the classic mistake: the next frontend 2.0 is still wired to the live backend 1.0',
  build: (simulation) =>
    live(simulation, {
      namespace: 'miswired',
      live: LIVE,
      next: [backend('2.0'), frontend('2.0', 'backend-active', 'my-frontend-settings-ckd58b5mf8')],
    }),
}

export const partial: Scenario = {
  name: 'partial',
  namespace: 'partial',
  group: GROUP,
  summary: 'half promoted: users are on frontend 2.0 with the backend 2.0 that still waits behind its preview Service',
  build: (simulation) =>
    live(simulation, {
      namespace: 'partial',
      live: LIVE,
      next: NEXT,
      then: () => promote(simulation, 'partial', 'my-frontend'),
    }),
}

export const stuck: Scenario = {
  name: 'stuck',
  namespace: 'stuck',
  group: GROUP,
  summary: 'no pod of the next frontend 2.0 becomes ready: the release cannot go on, but it can be withdrawn',
  build: (simulation) =>
    live(simulation, {
      namespace: 'stuck',
      live: LIVE,
      next: [
        backend('2.0'),
        frontend('2.0', 'backend-preview', 'my-frontend-settings-4b7hkt7294', {
          templateAnnotations: { 'pod-ready.stage.kwok.x-k8s.io/never': 'true' },
          spec: { progressDeadlineSeconds: 120 },
        }),
      ],
    }),
}

const SMOKE_TEST = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AnalysisTemplate',
  metadata: { name: 'smoke-test' },
  spec: { metrics: [{ name: 'smoke-test', initialDelay: '1h' }] },
}
const ANALYSED = {
  strategy: { postPromotionAnalysis: { templates: [{ templateName: 'smoke-test' }] }, abortScaleDownDelaySeconds: 5 },
}

export const outage: Scenario = {
  name: 'outage',
  namespace: 'outage',
  group: GROUP,
  summary:
    'frontend 2.0 was aborted after its cutover with a pod unready: Argo Rollouts left users on pods that are gone',
  build: (simulation) =>
    live(simulation, {
      namespace: 'outage',
      live: [
        backend('1.0'),
        [SMOKE_TEST, ...frontend('1.0', 'backend-active', 'my-frontend-settings-7hc895d47h', ANALYSED)],
      ],
      next: [backend('2.0'), frontend('2.0', 'backend-preview', 'my-frontend-settings-4b7hkt7294', ANALYSED)],
      then: () => {
        promote(simulation, 'outage', 'my-frontend')
        unready(simulation, 'outage', 'my-frontend')
        abort(simulation, 'outage', 'my-frontend')
      },
    }),
}
