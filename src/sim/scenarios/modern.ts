import { blueGreen, env } from './manifests.ts'
import { live, type RawManifest, type Scenario } from './scenario.ts'

const GROUP = 'portal'

function member(name: string, version: string, image: string, settings: RawManifest = {}): readonly RawManifest[] {
  return blueGreen({
    name,
    group: GROUP,
    replicas: 3,
    image,
    settings,
    annotations: { 'rollouts-group/mode': 'modern' },
    templateLabels: { 'app.kubernetes.io/version': version },
  })
}

const WIRED = env({ BACKEND_URL: 'http://backend-active:8080' })

export const modern: Scenario = {
  name: 'modern',
  namespace: 'modern',
  group: GROUP,
  summary:
    'services that work with any version of each other: versions of their own, always wired to the active Service',
  build: (simulation) =>
    live(simulation, {
      namespace: 'modern',
      live: [
        member('backend', '7.2', 'argoproj/rollouts-demo:blue'),
        member('frontend', '3.1', 'argoproj/rollouts-demo:blue', WIRED),
      ],
      next: [
        member('backend', '7.3', 'argoproj/rollouts-demo:green'),
        member('frontend', '3.2', 'argoproj/rollouts-demo:green', WIRED),
      ],
    }),
}
