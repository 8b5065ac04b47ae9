import { finding, type Finding } from '../findings/finding.ts'
import { at, fields, strings, text } from '../objects/fields.ts'
import { type Aimed, type InFile, nameOf, placed, strangers, unfit } from './strangers.ts'

export type { InFile }

/** The group that files are to be of. */
export interface Aim extends Aimed {
  /** Names of Jobs and hooks that are applied all the same. */
  readonly include: readonly string[]
}

/** What can be applied of a person's files, each object in its namespace, and what cannot, with why. */
export function fit(files: readonly InFile[], aim: Aim): { objects: readonly InFile[]; findings: readonly Finding[] } {
  const placed = files.map(({ object, where }) => ({ object: inNamespace(object, aim.namespace), where }))
  const left = placed.filter(({ object }) => runsOnce(object) && !aim.include.includes(nameIn(object)))
  const objects = placed.filter((each) => !left.includes(each))
  const rollouts = objects.filter(({ object }) => at(object, 'kind') === 'Rollout')
  return {
    objects,
    findings: [
      ...(rollouts.length === 0
        ? [
            unfit(aim, {
              sentence: 'the files hold no Rollout, so there is nothing of the group to deploy',
              remedy: 'give the files in which its Rollouts are, too',
            }),
          ]
        : []),
      ...aim.include
        .filter((name) => !placed.some(({ object }) => nameIn(object) === name))
        .map((name) =>
          unfit(aim, { sentence: `the files hold nothing of the name ${name} (--include)`, remedy: 'leave it out' }),
        ),
      ...(left.length === 0 ? [] : [leftOut(left, aim)]),
      ...elsewhere(objects, aim),
      ...objects.flatMap((each) => nameless(each, aim)),
      ...twice(objects, aim),
      ...strangers(rollouts, aim),
    ],
  }
}

/** A Job, or what a tool runs once at its own time: applied beside the rest it would run before or after its turn. */
function runsOnce(object: unknown): boolean {
  const annotations = strings(at(object, 'metadata', 'annotations'))
  return at(object, 'kind') === 'Job' || HOOKS.some((each) => annotations.has(each))
}

const HOOKS = ['helm.sh/hook', 'argocd.argoproj.io/hook']

function leftOut(left: readonly InFile[], { mode }: Aim): Finding {
  const names = left.map(({ object }) => nameIn(object)).filter((each) => each !== '')
  return finding(mode, 'left-out', {
    sentence: `Jobs and hooks are not applied: ${left.map(({ object }) => nameOf(object)).join(', ')}`,
    remedy:
      names.length === 0
        ? 'run them at their time'
        : `run them at their time; or before the rest: --include=${names.join(',')}`,
  })
}

function nameIn(object: unknown): string {
  return text(at(object, 'metadata', 'name')) ?? ''
}

function inNamespace(object: unknown, namespace: string): unknown {
  const metadata = fields(at(object, 'metadata'))
  return { ...fields(object), metadata: { namespace, ...metadata } }
}

function elsewhere(objects: readonly InFile[], aim: Aim): Finding[] {
  const spaces = Map.groupBy(objects, ({ object }) => text(at(object, 'metadata', 'namespace')) ?? '')
  return [...spaces]
    .filter(([namespace]) => namespace !== aim.namespace)
    .map(([namespace, found]) =>
      unfit(aim, {
        sentence: `${placed(found)} ${areIn(found)} namespace ${namespace}, and group ${aim.group} in ${aim.namespace}`,
        remedy:
          found.length === objects.length
            ? `give -n ${namespace}, if the group is to be there`
            : 'apply what is in other namespaces by itself, or take the namespace out of the file',
      }),
    )
}

function areIn({ length }: readonly InFile[]): string {
  return length === 1 ? 'is in' : 'are in'
}

function nameless({ object, where }: InFile, aim: Aim): Finding[] {
  return text(at(object, 'metadata', 'name')) === undefined
    ? [
        unfit(aim, {
          sentence:
            `${nameOf(object)} of ${where} has no name of its own (metadata.generateName), ` +
            'so it would be made again each time',
          remedy: 'create it by itself, or name it',
        }),
      ]
    : []
}

function twice(objects: readonly InFile[], aim: Aim): Finding[] {
  const alike = Map.groupBy(objects, ({ object }) =>
    [text(at(object, 'apiVersion'))?.split('/').at(-2) ?? '', at(object, 'kind'), at(object, 'metadata', 'name')].join(
      ' ',
    ),
  )
  return [...alike.values()]
    .filter((each) => each.length > 1 && text(at(each[0]!.object, 'metadata', 'name')) !== undefined)
    .map((each) =>
      unfit(aim, {
        sentence:
          `${nameOf(each[0]!.object)} is in the files ${each.length} times: ` +
          each.map(({ where }) => where).join(', '),
        remedy: 'leave one of them',
      }),
    )
}
