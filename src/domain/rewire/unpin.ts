import { bySeverity, finding, type Finding } from '../findings/finding.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { at, text } from '../objects/fields.ts'
import { CONFIG_OF, SERVICE_OF } from '../objects/labels.ts'
import { readManifestGroup, type Surrounding } from './reading.ts'
import { astray } from './refusals.ts'
import type { Rewired } from './rewire.ts'
import type { Scheme } from './targets.ts'
import { unfit } from './unfit.ts'
import { pointedAt, wire } from './wire.ts'
import { begin, objectsIn, put, type Working } from './working.ts'

const BACK: Scheme = { wiring: 'unpinned', changing: new Set(), release: '' }

/** Takes a wiring back: active Services as addresses, no copies, no labels, and no Services of releases. */
export function unpin(manifests: readonly Manifest[], around: Surrounding): Rewired {
  const findings = unfit(begin(manifests), around)
  if (findings.length > 0) return shown(begin(manifests), findings)
  const uncopied = withoutCopies(begin(manifests), around)
  const { working } = wire(uncopied, BACK, readManifestGroup(uncopied, around), around)
  const after = readManifestGroup(working, around)
  const bare = withoutMade(working, SERVICE_OF)
  return shown(bare, bySeverity([...astray(after, BACK, around), ...orphaned(bare, manifests, around)]))
}

/** With every template on the ConfigMaps that copies were made of, and without these copies. */
function withoutCopies(working: Working, around: Surrounding): Working {
  const { given } = readManifestGroup(working, around)
  const copies = [...working.objects.values()].flatMap((each): [string, string][] => {
    const of = text(at(each, 'metadata', 'annotations', CONFIG_OF))
    return of === undefined ? [] : [[text(at(each, 'metadata', 'name')) ?? '', of]]
  })
  const pointed = [...given.values()].reduce(
    (here, { holder }) =>
      holder === undefined ? here : copies.reduce((each, [copy, of]) => pointedAt(each, holder, copy, of), here),
    working,
  )
  return withoutMade(pointed, CONFIG_OF)
}

function withoutMade(working: Working, annotation: string): Working {
  return [...working.objects].reduce(
    (here, [manifest, object]) =>
      at(object, 'metadata', 'annotations', annotation) === undefined ? here : put(here, manifest, [], undefined),
    working,
  )
}

/** What a pinned manifest was made of and is nowhere to be found. */
function orphaned({ objects }: Working, manifests: readonly Manifest[], { cluster }: Surrounding): Finding[] {
  const left = new Set(
    [...objects.values()].flatMap((each) => `${text(at(each, 'kind'))} ${text(at(each, 'metadata', 'name'))}`),
  )
  return manifests.flatMap(({ object, where }) => {
    const service = text(at(object, 'metadata', 'annotations', SERVICE_OF))
    const config = text(at(object, 'metadata', 'annotations', CONFIG_OF))
    const of = service === undefined ? (config === undefined ? undefined : `ConfigMap ${config}`) : `Service ${service}`
    if (of === undefined || left.has(of) || cluster !== undefined) return []
    return [
      finding('legacy', 'manifest-missing', {
        members: [],
        sentence:
          `${of}, of which ${text(at(object, 'metadata', 'name'))} (${where}) was made, ` +
          'is not among the manifests',
        remedy: 'give its manifest, too',
      }),
    ]
  })
}

function shown(working: Working, findings: readonly Finding[]): Rewired {
  const refused = findings.some((each) => each.severity === 'error')
  const result = refused ? begin([...working.objects.keys()]) : working
  return {
    release: undefined,
    changing: [],
    edits: result.edits,
    added: [],
    objects: objectsIn(result),
    findings,
  }
}
