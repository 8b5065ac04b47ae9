import { plane } from '../plane.ts'
import { ownPods } from './cases/own-pods.ts'
import { chapters } from './chapters.ts'
import { openLab } from './lab.ts'
import { play } from './play.ts'

const all = { ...chapters, 'the own pods of the workload that a Rollout refers to': ownPods }

describe('the life of Rollouts on a real control plane', function () {
  this.timeout('5m')
  play(() => openLab(plane().kubeconfig, plane().api), all, 14, 3)
})
