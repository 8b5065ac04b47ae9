import { canary as member, configMap, env, envFrom, service } from './manifests.ts'
import { live, type RawManifest, type Scenario } from './scenario.ts'

const GROUP = 'shop'

function backend(version: string): readonly RawManifest[] {
  return member({ name: 'backend', group: GROUP, replicas: 5, settings: env({ APP_VERSION: version }) })
}

/** Users come in through a Service over all of its pods. */
function frontend(version: string, backendHost: string, config: string): readonly RawManifest[] {
  return [
    configMap(config, { APP_VERSION: version, BACKEND_HOST: backendHost }),
    service('frontend', 'frontend'),
    ...member({ name: 'frontend', group: GROUP, replicas: 5, settings: envFrom(config) }),
  ]
}

export const canary: Scenario = {
  name: 'canary',
  namespace: 'canary',
  group: GROUP,
  summary: 'frontend and backend as canaries at 20 %, the canary frontend wired to the canary backend',
  build: (simulation) =>
    live(simulation, {
      namespace: 'canary',
      live: [backend('1.0'), frontend('1.0', 'backend-stable', 'frontend-settings-fcdt9mthb6')],
      next: [backend('2.0'), frontend('2.0', 'backend-canary', 'frontend-settings-c8mtt92bmm')],
    }),
}
