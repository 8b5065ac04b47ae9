import { type ResourceName, RESOURCES } from '../objects.ts'
import { SCALED } from './request-info.ts'

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']

/** What kubectl may call a resource besides its plural name. */
const SHORT_NAMES: Readonly<Partial<Record<ResourceName, readonly string[]>>> = {
  rollouts: ['ro'],
  analysisruns: ['ar'],
  replicasets: ['rs'],
  deployments: ['deploy'],
  services: ['svc'],
  configmaps: ['cm'],
  pods: ['po'],
  events: ['ev'],
  namespaces: ['ns'],
}

/** What `kubectl get all` lists. */
const ALL: ReadonlySet<ResourceName> = new Set(['pods', 'services', 'deployments', 'replicasets'])

const VERSION = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.4',
  gitCommit: 'simulated',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'simulated/simulated',
}

const groupVersions = [
  ...new Set(
    Object.values(RESOURCES)
      .filter(({ group }) => group !== '')
      .map(({ group, version }) => `${group}/${version}`),
  ),
]

/** The paths that name no resource: discovery, version, health; undefined for any other. */
export function discover(path: string): unknown {
  switch (path) {
    case '/version':
      return VERSION
    case '/healthz':
    case '/readyz':
    case '/livez':
      return 'ok'
    case '/api':
      return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
    case '/apis':
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupVersions.map(groupOf) }
    case '/api/v1':
      return resourcesOf('v1')
  }
  const asked = path.slice('/apis/'.length)
  const served = path.startsWith('/apis/')
    ? groupVersions.find((each) => each === asked || each.startsWith(`${asked}/`))
    : undefined
  if (served === undefined) return undefined
  return served === asked ? resourcesOf(served) : { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(served) }
}

function groupOf(groupVersion: string): { name: string; versions: unknown; preferredVersion: unknown } {
  const [name = '', version = ''] = groupVersion.split('/')
  return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } }
}

function resourcesOf(groupVersion: string): unknown {
  const resources = Object.entries(RESOURCES).filter(
    ([, { group, version }]) => groupVersion === (group === '' ? version : `${group}/${version}`),
  )
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: resources.flatMap(([plural, { kind, namespaced, status }]) => {
      const name = plural as ResourceName
      const review = name.startsWith('selfsubject')
      return [
        {
          name,
          singularName: kind.toLowerCase(),
          namespaced,
          kind,
          verbs: review ? ['create'] : VERBS,
          ...(SHORT_NAMES[name] !== undefined && { shortNames: SHORT_NAMES[name] }),
          ...(ALL.has(name) && { categories: ['all'] }),
        },
        ...(status
          ? [{ name: `${name}/status`, singularName: '', namespaced, kind, verbs: ['get', 'patch', 'update'] }]
          : []),
        ...(SCALED.has(name)
          ? [
              {
                name: `${name}/scale`,
                singularName: '',
                namespaced,
                group: 'autoscaling',
                version: 'v1',
                kind: 'Scale',
                verbs: ['get', 'patch', 'update'],
              },
            ]
          : []),
      ]
    }),
  }
}
