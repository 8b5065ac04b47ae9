import { env, rollout, service } from './manifests.ts'
import { live, type RawManifest, type Scenario } from './scenario.ts'

/** A frontend and its backend, one Service each, as in examples/plain: nobody has wired anything for a release. */
export function plainRelease(version: string): readonly RawManifest[] {
  return [
    ...plainMember('my-backend', 'backend', { APP_VERSION: version }),
    ...plainMember('my-frontend', 'frontend', { APP_VERSION: version, BACKEND_URL: 'http://backend:8080' }),
  ]
}

function plainMember(name: string, services: string, variables: Readonly<Record<string, string>>) {
  const blueGreen = { activeService: services, autoPromotionEnabled: false }
  const spec = { name, services, group: 'loan', replicas: 3, settings: env(variables) }
  return [service(services, name), rollout(spec, { blueGreen })]
}

export const plain: Scenario = {
  name: 'plain',
  namespace: 'plain',
  group: 'loan',
  summary: 'frontend and backend with one Service each, as people have them: 1.0 is live, and nobody wired anything',
  build: (simulation) => live(simulation, { namespace: 'plain', live: [plainRelease('1.0')], next: [] }),
}
