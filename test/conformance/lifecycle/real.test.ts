import { plane } from '../plane.ts'
import { chapters } from './chapters.ts'
import { openLab } from './lab.ts'
import { play } from './play.ts'

describe('the life of Rollouts on a real control plane', () =>
  play(() => openLab(plane().kubeconfig, plane().api), chapters, 14, 3))
