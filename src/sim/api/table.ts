import { type KubeObject, type ResourceName, RESOURCES } from '../objects.ts'
import { COLUMNS } from './columns.ts'

/** Whether the client takes a Table (kubectl does where it prints for people). */
export function wantsTable(accept: string | undefined): boolean {
  return /\bapplication\/json\s*;[^,]*\bas=Table\b/.test(accept ?? '')
}

export interface ApiTableOptions {
  readonly metadata: unknown
  /** Milliseconds since the epoch, for ages. */
  readonly now: number
  /** `None`, `Object`, or by default the metadata alone. */
  readonly includeObject?: string | undefined
  /** A watch sends the columns with its first event only. */
  readonly columns?: boolean
}

/** Objects as rows for people (meta.k8s.io/v1 Table): a custom resource's columns are those of its CRD. */
export function asTable(
  resource: ResourceName,
  objects: readonly KubeObject[],
  { metadata, now, includeObject, columns = true }: ApiTableOptions,
): unknown {
  const described = COLUMNS[resource] ?? [...NAME_AND_AGE]
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns
      ? described.map(({ name, type, format = '', description = '', priority = 0 }) => ({
          name,
          type,
          format,
          description,
          priority,
        }))
      : null,
    rows: objects.map((object) => ({
      cells: described.map(({ cell }) => cell(object, now) ?? null),
      ...carried(object, includeObject),
    })),
  }
}

const NAME_AND_AGE = COLUMNS.configmaps!.filter(({ name }) => name === 'Name' || name === 'Age')

function carried(object: KubeObject, include: string | undefined): { object?: unknown } {
  if (include === 'None') return {}
  return {
    object:
      include === 'Object'
        ? object
        : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
  }
}

/** A bookmark in a watch of Tables. */
export function bookmarkTable(resource: ResourceName, resourceVersion: string): unknown {
  const { group, version, kind } = RESOURCES[resource]
  const object = {
    kind,
    apiVersion: group === '' ? version : `${group}/${version}`,
    metadata: { resourceVersion, creationTimestamp: null },
  }
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: null,
    rows: [{ cells: null, object }],
  }
}
