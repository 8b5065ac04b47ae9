const POD = {
  restartPolicy: 'Always',
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30,
}
const CONTAINER = { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }

/**
 * A pod template as the API server keeps it in a ReplicaSet (a Rollout's stays as it was written): so no ReplicaSet's
 * template has its own hash.
 */
export function withPodDefaults(template: any): any {
  const { spec } = template
  const containers = (spec?.containers ?? []).map((each: any) => ({
    ...CONTAINER,
    imagePullPolicy: pullPolicy(each.image),
    ...each,
  }))
  return { ...template, spec: { ...POD, ...spec, containers } }
}

function pullPolicy(image = ''): string {
  const [, tag = 'latest'] = /:([^:/]+)$/.exec(image) ?? []
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}
