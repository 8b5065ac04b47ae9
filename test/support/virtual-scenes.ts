import {
  blueGreen,
  canary,
  configMap,
  env,
  envFrom,
  type MemberSpec,
  rollout,
  service,
} from '../../src/sim/scenarios/manifests.ts'
import { live, type RawManifest, type Scenario } from '../../src/sim/scenarios/scenario.ts'
import type { Store } from '../../src/sim/store.ts'

/** What a test changes about a member of the reference application, in a version of it. */
export type Change = (version: string) => Partial<MemberSpec>

const SAME: Change = () => ({})

/** The reference application's backend in a version. */
export function backend(version: string, change: Change = SAME): readonly RawManifest[] {
  return blueGreen({
    name: 'my-backend',
    services: 'backend',
    group: 'loan',
    replicas: 3,
    settings: env({ APP_VERSION: version }),
    ...change(version),
  })
}

/** Its frontend, wired to the backend's active or preview Service by a ConfigMap of its own. */
export function frontend(version: string, role: 'active' | 'preview', change: Change = SAME): readonly RawManifest[] {
  const config = `my-frontend-settings-${version.replace('.', '-')}`
  return [
    configMap(config, { APP_VERSION: version, BACKEND_HOST: `backend-${role}` }),
    ...blueGreen({
      name: 'my-frontend',
      services: 'frontend',
      group: 'loan',
      replicas: 3,
      settings: envFrom(config),
      ...change(version),
    }),
  ]
}

/** 1.0 is live and 2.0 waits at its gate, with changes. */
export function pair(
  change: { readonly frontend?: Change; readonly backend?: Change } = {},
  more: Partial<Pick<Parameters<typeof live>[1], 'next' | 'then'>> = {},
): Scenario {
  return {
    name: 'pair',
    namespace: 'legacy',
    group: 'loan',
    summary: 'frontend and backend: 1.0 is live, 2.0 waits',
    build: (simulation) =>
      live(simulation, {
        namespace: 'legacy',
        live: [backend('1.0', change.backend), frontend('1.0', 'active', change.frontend)],
        next: [backend('2.0', change.backend), frontend('2.0', 'preview', change.frontend)],
        ...more,
      }),
  }
}

/**
 * Two canaries of ten pods at the first of two gates, the canary frontend wired to the canary backend. Users come in
 * through a Service over all pods of the frontend.
 */
export function canaries(change: Change = SAME): Scenario {
  const history = canaryHistory(change)
  return {
    name: 'canaries',
    namespace: history.namespace,
    group: 'shop',
    summary: 'two canaries at 20 %',
    build: (simulation) => live(simulation, history),
  }
}

/** What is deployed of these canaries. */
export function canaryHistory(change: Change = SAME): Parameters<typeof live>[1] {
  const of = (version: string, role: string): (readonly RawManifest[])[] => [
    canary({
      name: 'backend',
      group: 'shop',
      replicas: 10,
      settings: env({ APP_VERSION: version }),
      ...change(version),
    }),
    [
      service('frontend', 'frontend'),
      ...canary({
        name: 'frontend',
        group: 'shop',
        replicas: 10,
        settings: env({ APP_VERSION: version, BACKEND_HOST: `backend-${role}` }),
        ...change(version),
      }),
    ],
  ]
  return { namespace: 'canary', live: of('1.0', 'stable'), next: of('2.0', 'canary') }
}

/** Three tiers in a version, each with one Service, by which the one before it calls it. */
export function tiers(version: string, change: Change = SAME): readonly RawManifest[] {
  const next: Readonly<Record<string, string>> = { web: 'api', api: 'base' }
  return ['web', 'api', 'base'].flatMap((name) => {
    const settings = env({ APP_VERSION: version, ...(next[name] && { NEXT_URL: `http://${next[name]}:8080` }) })
    const spec: MemberSpec = { name, group: 'shop', replicas: 2, settings, ...change(version) }
    const strategy = { activeService: name, autoPromotionEnabled: false, scaleDownDelaySeconds: 5 }
    return [service(name, name), rollout(spec, { blueGreen: strategy })]
  })
}

/** The first version of these is live. */
export function threeTiers(change: Change = SAME): Scenario {
  return {
    name: 'tiers',
    namespace: 'plain',
    group: 'shop',
    summary: 'three tiers: 1.0 is live',
    build: (simulation) => live(simulation, { namespace: 'plain', live: [tiers('1.0', change)], next: [] }),
  }
}

/** Applies manifests now; what comes of it takes its time. */
export function apply(store: Store, namespace: string, manifests: readonly RawManifest[]): void {
  for (const body of manifests) {
    const resource = ({ Rollout: 'rollouts', Service: 'services', ConfigMap: 'configmaps' } as const)[
      body['kind'] as 'Rollout' | 'Service' | 'ConfigMap'
    ]
    const { name } = body['metadata'] as { name: string }
    if (store.get(resource, namespace, name) === undefined) store.create(resource, namespace, body)
    else store.patch(resource, namespace, name, { type: 'merge', body })
  }
}
