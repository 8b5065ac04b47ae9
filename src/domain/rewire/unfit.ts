import { finding, type Finding } from '../findings/finding.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { at, text } from '../objects/fields.ts'
import { configMapsOf } from '../objects/pod-template.ts'
import { noTexts } from './no-texts.ts'
import { isMember, type ManifestGroup, type Surrounding, templateOf, whyMalformed } from './reading.ts'
import type { Working } from './working.ts'

/** What is in every namespace without anybody's doing (kube-controller-manager, root-ca-cert-publisher). */
const EVERYWHERE = new Set(['kube-root-ca.crt', 'istio-ca-root-cert', 'openshift-service-ca.crt'])

/** Why manifests are none that could be rewired, whatever stands in them. */
export function unfit(working: Working, around: Surrounding): Finding[] {
  const members = [...working.objects].flatMap(([each, object]) => (isMember(each, object, around) ? [each] : []))
  if (members.length === 0) {
    const others = [...working.objects.keys()].filter((each) => each.kind === 'Rollout').map((each) => each.name)
    const beside = others.length === 0 ? 'and no other Rollout' : `only of others: ${others.join(', ')}`
    return [
      bad(
        [],
        `the manifests hold no Rollout of the group ${around.group}, ${beside}`,
        'give the manifests of its members',
      ),
    ]
  }
  return [
    ...twice([...working.objects.keys()], around),
    ...members.flatMap((each) => {
      const why = whyMalformed(each.object, around.namespace)
      return why === undefined ? [] : [bad([each.name], `Rollout ${each.name} (${each.where}): ${why}`, 'mend it')]
    }),
    ...members.flatMap((each) => {
      const { template, holder = each } = templateOf(working.objects.get(each), each, working)
      const [first, ...more] = noTexts(template)
      if (first === undefined) return []
      const others = more.length === 0 ? '' : `, and ${more.length} more`
      return [
        bad(
          [each.name],
          `${holder.kind} ${holder.name} (${holder.where}): ${first}${others}`,
          'put it in quotes; a template of Helm or its like is rendered first',
        ),
      ]
    }),
    ...members
      .filter((each) => each.namespace !== undefined && each.namespace !== around.namespace)
      .map((each) =>
        bad(
          [each.name],
          `Rollout ${each.name} (${each.where}) is of namespace ${each.namespace}, ` +
            `and the group of ${around.namespace}`,
          'a group is in one namespace: leave the others out, or name that one with -n',
        ),
      ),
  ]
}

/** What of the manifests' own world is missing in them, and not known from a cluster. */
export function missing(reading: ManifestGroup, around: Surrounding): Finding[] {
  const given = [...reading.given.values()]
  return [
    ...given
      .filter((each) => each.holder === undefined)
      .map(({ name, rollout }) =>
        lacking(
          [name],
          `Rollout ${name} (${rollout.where}) has its pod template in ` +
            `${text(at(rollout.object, 'spec', 'workloadRef', 'kind'))} ` +
            `${text(at(rollout.object, 'spec', 'workloadRef', 'name'))}, which is not among the manifests`,
          'give its manifest, too',
        ),
      ),
    ...given.flatMap(({ name, revision }) =>
      configMapsOf(revision.template)
        .filter((each) => !each.optional && !EVERYWHERE.has(each.name))
        .filter((each) => !reading.objects.has(`ConfigMap ${each.name}`))
        .map((each) =>
          lacking(
            [name],
            `ConfigMap ${each.name}, which ${name} reads, is not among the manifests` +
              (around.cluster === undefined ? '' : ', nor in the cluster'),
            'give its manifest, too: an address may stand in it',
          ),
        ),
    ),
  ]
}

function twice(manifests: readonly Manifest[], { namespace }: Surrounding): Finding[] {
  const keys = Map.groupBy(
    manifests.filter((each) => each.name !== ''),
    (each) => `${each.kind} ${each.name} ${each.namespace ?? namespace} ${each.apiVersion.split('/').slice(0, -1)}`,
  )
  return [...keys.values()].flatMap((all) =>
    all.length < 2
      ? []
      : [
          bad(
            all[0]!.kind === 'Rollout' ? [all[0]!.name] : [],
            `${all[0]!.kind} ${all[0]!.name} is given ${all.length} times: ${all.map((each) => each.where).join(', ')}`,
            'leave one of them',
          ),
        ],
  )
}

function bad(members: readonly string[], sentence: string, remedy: string): Finding {
  return finding('legacy', 'bad-manifest', { members, sentence, remedy })
}

export function lacking(members: readonly string[], sentence: string, remedy: string): Finding {
  return finding('legacy', 'manifest-missing', { members, sentence, remedy })
}
