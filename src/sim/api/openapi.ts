import { RESOURCES } from '../objects.ts'

/**
 * The little of OpenAPI v3 that `kubectl apply` looks for before it sends anything: that the server itself validates
 * what is patched (parameter `fieldValidation`). For a `List` it looks into OpenAPI v2 instead, in protobuf: where that
 * is empty, it validates nothing. Undefined for a path that is not of OpenAPI.
 */
export function openapi(path: string): unknown {
  if (path === '/openapi/v2') return ''
  if (path === '/openapi/v3')
    return {
      paths: Object.fromEntries(DOCUMENTS.keys().map((each) => [each, { serverRelativeURL: `/openapi/v3/${each}` }])),
    }
  const paths = path.startsWith('/openapi/v3/') ? DOCUMENTS.get(path.slice('/openapi/v3/'.length)) : undefined
  return paths && { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.34.4' }, paths }
}

const DOCUMENTS = new Map(
  Map.groupBy(
    Object.entries(RESOURCES).filter(([plural]) => !plural.startsWith('selfsubject')),
    ([, { group, version }]) => (group === '' ? `api/${version}` : `apis/${group}/${version}`),
  )
    .entries()
    .map(([base, resources]) => [
      base,
      Object.fromEntries(
        resources.map(([plural, { group, version, kind, namespaced }]) => [
          `/${base}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`,
          {
            patch: {
              parameters: [{ name: 'fieldValidation', in: 'query' }],
              responses: {},
              'x-kubernetes-group-version-kind': { group, version, kind },
            },
          },
        ]),
      ),
    ]),
)
