import { once } from 'node:events'
import { resolve } from 'node:path'
import { startControlPlane } from './start.ts'

const plane = await startControlPlane()
const plugin = resolve(import.meta.dirname, '../../bin')
process.stdout.write(`a Kubernetes and Argo Rollouts control plane runs until Ctrl-C; in another terminal:

  export KUBECONFIG=${plane.kubeconfig}
  export PATH=${plugin}:${plane.binDir}:$PATH
  kubectl get nodes
  kubectl create namespace legacy
  kubectl -n legacy apply -k examples/legacy/v1
  kubectl argo rollouts -n legacy list rollouts

pods that start slowly, never become ready or linger: test/controlplane/stages.yaml
`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await plane.stop()
