import assert from 'node:assert/strict'
import type { ResourceName } from '../../../src/sim/objects.ts'
import { blueGreen, canary } from '../../conformance/lifecycle/manifests.ts'
import { cluster, pass } from './cluster.ts'

const [, , app] = blueGreen()
const rollout = (spec: unknown): [ResourceName, unknown] => ['rollouts', { metadata: { name: 'odd' }, spec }]
const { strategy, ...rest } = app!['spec']
const pod = { metadata: { labels: { app: 'app' } }, spec: { containers: [{ name: 'a' }] } }

/** What nobody means to apply, and a schema of the real API server would refuse, or not. */
const ODD: Readonly<Record<string, readonly [resource: ResourceName, object: unknown]>> = {
  'a Rollout of nothing': rollout(undefined),
  'a Rollout with an empty spec': rollout({}),
  'a Rollout without a strategy': rollout(rest),
  'a Rollout whose strategy is empty': rollout({ ...rest, strategy: {} }),
  'a Rollout whose blue/green strategy is empty': rollout({ ...rest, strategy: { blueGreen: {} } }),
  'a Rollout whose canary strategy is empty': rollout({ ...rest, strategy: { canary: {} } }),
  'a Rollout whose canary strategy is null': rollout({ ...rest, strategy: { canary: null } }),
  'a Rollout whose steps are no steps': rollout({ ...rest, strategy: { canary: { steps: [{}, null, 'x'] } } }),
  'a Rollout whose steps are a text': rollout({ ...rest, strategy: { canary: { steps: 'x' } } }),
  'a Rollout whose weight is a text': rollout({ ...rest, strategy: { canary: { steps: [{ setWeight: 'x' }] } } }),
  'a Rollout whose pause is a text': rollout({
    ...rest,
    strategy: { canary: { steps: [{ pause: { duration: 'soon' } }] } },
  }),
  'a Rollout of a negative number of replicas': rollout({ ...rest, strategy, replicas: -3 }),
  'a Rollout of a word of replicas': rollout({ ...rest, strategy, replicas: 'many' }),
  'a Rollout that is restarted at no time': rollout({ ...rest, strategy, restartAt: 'now' }),
  'a Rollout with a deadline that is none': rollout({ ...rest, strategy, progressDeadlineSeconds: 'x' }),
  'a Rollout whose template is a text': rollout({ ...rest, strategy, template: 'x' }),
  'a Rollout whose containers are none': rollout({
    ...rest,
    strategy,
    template: { ...pod, spec: { containers: null } },
  }),
  'a Rollout whose selector is a text': rollout({ ...rest, strategy, selector: 'x' }),
  'a Rollout that refers to no workload': rollout({ strategy, workloadRef: {} }),
  'a Rollout that refers to null': rollout({ ...rest, strategy, workloadRef: null }),
  'a Service without a spec': ['services', { metadata: { name: 'odd' } }],
  'a Service whose selector is a list': ['services', { metadata: { name: 'odd' }, spec: { selector: ['x'] } }],
  'a Service whose ports are a text': [
    'services',
    { metadata: { name: 'odd' }, spec: { selector: { app: 'app' }, ports: 'x' } },
  ],
  'a ReplicaSet of nothing': ['replicasets', { metadata: { name: 'odd' } }],
  'a ReplicaSet without a template': ['replicasets', { metadata: { name: 'odd' }, spec: { replicas: 2 } }],
  'a ReplicaSet of a thousand pods': [
    'replicasets',
    { metadata: { name: 'odd' }, spec: { replicas: 1000, template: pod } },
  ],
  'a pod of nothing': ['pods', { metadata: { name: 'odd' } }],
  'a pod whose containers are a text': ['pods', { metadata: { name: 'odd' }, spec: { containers: 'x' } }],
  'a Deployment of nothing': ['deployments', { metadata: { name: 'odd' } }],
  'an autoscaler of nothing': ['horizontalpodautoscalers', { metadata: { name: 'odd' } }],
  'an autoscaler between no numbers': [
    'horizontalpodautoscalers',
    { metadata: { name: 'odd' }, spec: { scaleTargetRef: { kind: 'Rollout', name: 'app' } } },
  ],
  'an Experiment of nothing': ['experiments', { metadata: { name: 'odd' } }],
  'an Experiment of templates of nothing': ['experiments', { metadata: { name: 'odd' }, spec: { templates: [{}] } }],
  'an AnalysisRun of nothing': ['analysisruns', { metadata: { name: 'odd' } }],
  'an AnalysisRun that began at no time': [
    'analysisruns',
    { metadata: { name: 'odd' }, spec: {}, status: { phase: 'Running', startedAt: 'x' } },
  ],
  'a quota of nothing': ['resourcequotas', { metadata: { name: 'odd' } }],
  'an Ingress of nothing': ['ingresses', { metadata: { name: 'front' } }],
}

describe('a cluster', () => {
  for (const [what, [resource, object]] of Object.entries(ODD)) {
    it(`goes on with all else beside ${what}`, () => {
      const simulation = cluster(...blueGreen())
      simulation.store.create(resource, 'n', object)
      pass(simulation)
      for (const each of canary())
        simulation.store.create(each['kind'] === 'Service' ? 'services' : 'rollouts', 'n', {
          ...each,
          metadata: { name: `${each['metadata'].name}-2` },
        })
      simulation.store.patch('rollouts', 'n', 'app', {
        type: 'merge',
        body: { spec: { template: { metadata: { annotations: { version: 'v2' } } } } },
      })
      pass(simulation)
      const { phase, message } = simulation.store.get('rollouts', 'n', 'app')!.status
      assert.equal(phase, 'Paused', message)
    })
  }
})
