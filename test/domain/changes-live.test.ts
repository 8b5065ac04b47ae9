import assert from 'node:assert/strict'
import { type Wanted, wanted } from '../../src/domain/deploy/desired.ts'
import { planDeploy } from '../../src/domain/deploy/plan-deploy.ts'
import { at, fields } from '../../src/domain/objects/fields.ts'
import { before, filesOf } from '../support/files.ts'
import { legacyPair, world } from '../support/objects.ts'
import { groupOf } from '../support/scenes.ts'
import { told } from '../support/typed.ts'

const SPEC = {
  ...legacyPair({
    frontend: {
      live: {
        version: '1.0',
        env: { BACKEND_HOST: 'backend-active' },
        fromConfig: { LEVEL: ['settings', 'level'] },
      },
    },
  }),
  configs: { settings: { level: 'info' } },
}
const GROUP = groupOf(before(SPEC))
const config = (name: string, level: string) => ({ kind: 'ConfigMap', metadata: { name }, data: { level } })
const service = world(SPEC).services.find((each) => at(each, 'metadata', 'name') === 'backend-active')
const ported = (...ports: object[]) => ({
  ...fields(service),
  kind: 'Service',
  spec: { ...fields(at(service, 'spec')), ports },
})
const NOW = ported(...(at(service, 'spec', 'ports') as object[]))

/** What is told of an object that files change. */
function saidOf(was: unknown, will: unknown, where = 'dir/app.yaml:7', more: readonly Wanted[] = []): string[] {
  const files = filesOf(SPEC)
  const desired = { ...files, objects: [...files.objects, wanted({ given: will, will, was, where }), ...more] }
  return planDeploy(GROUP, desired)
    .findings.filter((each) => each.code === 'changes-live')
    .map((each) => `${each.sentence}. ${told(each.remedy)}`)
}

describe('what files change under pods that users are on', () => {
  const port = { port: 8080 }
  const rows: readonly (readonly [what: string, was: unknown, will: unknown, says: readonly RegExp[]])[] = [
    [
      'a ConfigMap that they read',
      config('settings', 'info'),
      config('settings', 'debug'),
      [/^ConfigMap settings is changed by dir\/app\.yaml:7 under pods .*: my-frontend 1\.0\. .*--wiring=pinned/],
    ],
    ['a ConfigMap that nobody reads', config('other', 'info'), config('other', 'debug'), []],
    ['a ConfigMap that stays', config('settings', 'info'), config('settings', 'info'), []],
    [
      'where their Service leads to',
      NOW,
      ported({ ...port, targetPort: 9090 }),
      [/^Service backend-active is changed .*leave its targetPort 8080, .*kubectl diff -f dir\/app\.yaml -n legacy$/],
    ],
    ['one more port of their Service', NOW, ported({ ...port, name: 'http' }, { port: 9100, name: 'metrics' }), []],
    ['no more than is written of their Service', NOW, ported({ ...port, targetPort: 8080, protocol: 'TCP' }), []],
    [
      'a route by which users come in',
      { kind: 'Ingress', metadata: { name: 'web' }, spec: { rules: [1] } },
      { kind: 'Ingress', metadata: { name: 'web' }, spec: { rules: [2] } },
      [/^Ingress web is changed /],
    ],
  ]
  for (const [what, was, will, says] of rows)
    it(`${what} ${says.length === 0 ? 'is nothing to tell' : 'is refused'}`, () => {
      const found = saidOf(was, will)
      assert.equal(found.length, says.length, found.join('\n'))
      says.forEach((each, index) => assert.match(found[index]!, each))
    })

  it('is told once of what is mended alike', () => {
    const [preview] = world(SPEC).services.filter((each) => at(each, 'metadata', 'name') === 'backend-preview')
    const [was, will] = [NOW, ported({ ...port, targetPort: 9090 })]
    const renamed = (of: unknown) => ({ ...fields(of), metadata: at(preview, 'metadata') })
    const other = wanted({ given: will, will: renamed(will), was: renamed(was), where: 'dir/app.yaml:8' })
    const found = saidOf(was, will, 'dir/app.yaml:7', [other])
    assert.equal(found.length, 1, found.join('\n'))
    assert.match(
      found[0]!,
      /^Services backend-active and backend-preview are changed by dir\/app\.yaml:7 and dir\/app\.yaml:8 under/,
    )
  })

  it('is shown by kubectl of what was given', () => {
    const [said] = saidOf(config('settings', 'info'), config('settings', 'debug'), 'kustomization next/:7')
    assert.match(said!, /see the change: kubectl diff -k next\/ -n legacy$/)
  })
})
