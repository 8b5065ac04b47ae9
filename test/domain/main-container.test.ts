import assert from 'node:assert/strict'
import { mainFirst } from '../../src/domain/group/main-container.ts'
import { readGroup } from '../../src/domain/group/read-group.ts'
import { HASH_LABEL } from '../../src/domain/objects/labels.ts'
import { parseReplicaSet } from '../../src/domain/objects/replica-set.ts'
import { type RevisionSpec, world } from '../support/objects.ts'

const MEANS = 'kubectl.kubernetes.io/default-container'

/** Containers by name with their images: `nginx=nginx:1.27 app=shop:1.0`. */
type Containers = string

const containersOf = (containers: Containers) =>
  containers.split(' ').map((each) => {
    const [name, image] = each.split('=')
    return { name, image }
  })

/** A ReplicaSet of these, after `!` the one that its annotation names. */
function set(written: string) {
  const [containers = '', means] = written.split(' !')
  const annotations = means === undefined ? {} : { [MEANS]: means }
  return parseReplicaSet({
    metadata: { name: 'web-1', labels: { [HASH_LABEL]: '1' } },
    spec: { template: { metadata: { annotations }, spec: { containers: containersOf(containers) } } },
  })!
}

describe('the container that speaks for a Rollout', () => {
  const web = { name: 'web', workloadRef: undefined }
  const of = { ...web, name: 'prod-web-2', workloadRef: { kind: 'Deployment', name: 'web', scaleDown: undefined } }
  /** Newest first, and who speaks in each. */
  const table: [string, typeof web | typeof of, Containers[], string][] = [
    ['is the only one', web, ['app=shop:1'], 'app'],
    [
      'has a name that is a part, however often others change',
      { ...web, name: 'shop-orders' },
      ['sql=p:2.9 orders=x:1', 'sql=p:2.8 orders=x:1'],
      'orders orders',
    ],
    [
      'has an image whose name is a part, however often others change',
      { ...web, name: 'my-backend' },
      ['a=p:2 app=reg/backend:1', 'a=p:1 app=reg/backend:1'],
      'app app',
    ],
    [
      'is no proxy, however often that changes',
      web,
      ['istio-proxy=x:2 app=server:1', 'istio-proxy=x:1 app=server:1'],
      'app app',
    ],
    ['is the first where nothing tells them apart', web, ['a=x:1 b=y:1'], 'a'],
    ['is the one that the annotation names', web, ['web=web:1 b=y:1 !b'], 'b'],
    [
      'is in older revisions the one that a newer annotation names',
      web,
      ['web=web:2 b=y:1 !b', 'web=web:1 b=y:1'],
      'b b',
    ],
    ['is in each revision the one that its own annotation names', web, ['a=x:2 b=y:1 !b', 'a=x:1 b=y:1 !a'], 'b a'],
    ['is not one that an annotation names and nobody has', web, ['a=x:1 web=y:1 !c'], 'web'],
    ['is the one that is called as the Rollout is', web, ['nginx=nginx:1 web=y:1'], 'web'],
    ['or as its workload is', of, ['nginx=nginx:1 web=y:1'], 'web'],
    ['whichever image changes', web, ['proxy=envoy:2 web=shop:1', 'proxy=envoy:1 web=shop:1'], 'web web'],
    ['is the one whose image is called so', web, ['nginx=nginx:1 php=r.example/shop/web:1'], 'php'],
    ['is the one whose image changes', web, ['nginx=nginx:1 php=shop:2', 'nginx=nginx:1 php=shop:1'], 'php php'],
    ['by its digest, too', web, ['a=x:1 b=y@sha256:2', 'a=x:1 b=y@sha256:1'], 'b b'],
    ['not where only its registry does', web, ['a=x:1 b=r2.example/y:1', 'a=x:1 b=r1.example/y:1'], 'a a'],
    ['most often', web, ['a=x:2 b=y:3', 'a=x:1 b=y:2', 'a=x:1 b=y:1'], 'b b b'],
    ['is the first of those that change alike', web, ['a=x:2 b=y:2', 'a=x:1 b=y:1'], 'a a'],
    [
      "is the one whose name is a part of the Rollout's",
      { ...web, name: 'prod-orders' },
      ['nginx=nginx:1 orders=y:1'],
      'orders',
    ],
    [
      'never one whose name is a piece of a word of it',
      { ...web, name: 'webshop' },
      ['nginx=nginx:1 web=y:1'],
      'nginx',
    ],
  ]
  for (const [what, rollout, sets, speaks] of table)
    it(what, () =>
      assert.equal(
        mainFirst(rollout, sets.map(set))
          .map(({ template }) => template.containers[0]!.name)
          .join(' '),
        speaks,
      ),
    )

  it('stands first, the others in their order', () =>
    assert.deepEqual(
      mainFirst(web, [set('a=x:1 b=y:1 web=z:1 c=u:1')])[0]!.template.containers.map((each) => each.name),
      ['web', 'a', 'b', 'c'],
    ))
})

describe('a revision that changes nothing but settings', () => {
  const revision = (containers: Containers, init: Containers): RevisionSpec => ({
    template: { containers: containersOf(containers), ...(init !== '' && { initContainers: containersOf(init) }) },
  })
  const shown = (live: RevisionSpec, next: RevisionSpec) =>
    readGroup(world({ members: [{ name: 'web', live, next }] }), 'loan').members[0]!.next!.version.text
  const table: [string, [live: string, next: string], isOne: boolean, init?: [live: string, next: string]][] = [
    ['runs the same images', ['web=web:1 proxy=envoy:1', 'web=web:1 proxy=envoy:1'], true],
    ['in whichever order', ['web=web:1 proxy=envoy:1', 'proxy=envoy:1 web=web:1'], true],
    ['from another registry, too', ['web=web:1 proxy=r.example/envoy:1', 'web=web:1 proxy=envoy:1'], true],
    ['with a moved tag beside it', ['web=web:1 proxy=envoy:latest', 'web=web:1 proxy=envoy:latest'], true],
    ['never another one beside it', ['web=web:1 proxy=envoy:1', 'web=web:1 proxy=envoy:2'], false],
    ['never one more', ['web=web:1', 'web=web:1 proxy=envoy:1'], false],
    ['never one less', ['web=web:1 proxy=envoy:1', 'web=web:1'], false],
    ['never another one before it starts', ['web=web:1', 'web=web:1'], false, ['migrate=web:1', 'migrate=web:2']],
    ['the same ones before it starts', ['web=web:1', 'web=web:1'], true, ['wait=busybox', 'wait=busybox']],
  ]
  for (const [what, [live, next], isOne, [before, after] = ['', '']] of table)
    it(what, () => assert.equal(shown(revision(live, before), revision(next, after)), isOne ? '1 (settings)' : '1·r3'))
})
