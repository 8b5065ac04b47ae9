const FIVE_SECONDS = { 'pod-ready.stage.kwok.x-k8s.io/delay': '5s' }

/**
 * A chain of blue-green Rollouts as a release finds it: each calls the next one's active Service, or its preview
 * Service once it is released.
 * @param slow only one pod is there before the promotion, and pods take five seconds to start
 */
export function chain(members: number, version: string, calls: 'active' | 'preview', slow = false): string {
  const names = Array.from({ length: members }, (_, index) => `member-${index}`)
  const objects = names.flatMap((name, index) => [
    ...(['active', 'preview'] as const).map((role) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `${name}-${role}` },
      spec: { selector: { app: name }, ports: [{ port: 8080 }] },
    })),
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name, labels: { 'app.kubernetes.io/part-of': 'chain' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name }, ...(slow && { annotations: FIVE_SECONDS }) },
          spec: {
            containers: [
              {
                name: 'main',
                image: `example.com/${name}:${version}`,
                env: index === members - 1 ? [] : [{ name: 'NEXT_HOST', value: `${names[index + 1]}-${calls}` }],
              },
            ],
          },
        },
        strategy: {
          blueGreen: {
            activeService: `${name}-active`,
            previewService: `${name}-preview`,
            autoPromotionEnabled: false,
            scaleDownDelaySeconds: 1,
            ...(slow && { previewReplicaCount: 1 }),
          },
        },
      },
    },
  ])
  return objects.map((each) => JSON.stringify(each)).join('\n---\n')
}
