import { blueGreen, env } from './manifests.ts'
import { live, type RawManifest, type Scenario } from './scenario.ts'

const GROUP = 'loan'

function member(
  name: string,
  version: string,
  more: { readonly strategy?: RawManifest; readonly pod?: RawManifest; readonly settings?: RawManifest } = {},
): readonly RawManifest[] {
  const { settings, ...rest } = more
  return blueGreen({
    name,
    group: GROUP,
    replicas: 2,
    image: `kostiscodefresh/${name}:latest`,
    settings: { ...env({ APP_VERSION: version }), ...settings },
    ...rest,
  })
}

/**
 * The address of its dependency is a label that its pods have as long as they are in a role, and which they read from a
 * file.
 */
function loan(version: string): readonly RawManifest[] {
  const labels = (role: string): RawManifest => ({
    labels: { backendHost: `interest-${role}`, backendPort: '8080', role },
  })
  return member('loan', version, {
    strategy: { activeMetadata: labels('active'), previewMetadata: labels('preview') },
    pod: {
      volumes: [
        { name: 'podinfo', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      ],
    },
    settings: { volumeMounts: [{ name: 'podinfo', mountPath: '/etc/podinfo' }] },
  })
}

export const followsRole: Scenario = {
  name: 'follows-role',
  namespace: 'follows-role',
  group: GROUP,
  summary: 'the address follows the role of the pods: right at rest, mixed between the two cutovers in any order',
  build: (simulation) =>
    live(simulation, {
      namespace: 'follows-role',
      live: [member('interest', '1.0'), loan('1.0')],
      next: [member('interest', '2.0'), loan('2.0')],
    }),
}
