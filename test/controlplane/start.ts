import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Api } from './api.ts'
import { buildControlPlane } from './build.ts'
import { ready, startComponent, type Component } from './component.ts'
import { addNode, addTypes } from './contents.ts'
import { flags, type Program } from './flags.ts'
import { startGuardian, type Guardian } from './guardian.ts'
import { freePorts } from './ports.ts'
import { run, type Finished } from './run.ts'
import { makeTokens, tokenFile, writeKubeconfig, type RestrictedUser, type User } from './users.ts'

/** A real Kubernetes and Argo Rollouts control plane; only the kubelets are simulated (stages.yaml). */
export interface ControlPlane {
  /** Of a user who may do everything. */
  readonly kubeconfig: string
  /** Of a user who may do nothing yet. */
  kubeconfigFor(user: RestrictedUser): string
  readonly server: string
  /** Where kubectl and kubectl-argo-rollouts are. */
  readonly binDir: string
  /** Holds the log of every component, and what the API server wrote down in audit.log (audit-policy.yaml). */
  readonly dir: string
  /** A client of the user who may do everything. */
  readonly api: Api
  /** Ports that can be forwarded to are the same in all pods: whoever listens on this port of this machine answers. */
  readonly podPorts: Readonly<Record<8081 | 8082, number>>
  kubectl(
    args: readonly string[],
    options?: { readonly input?: string; readonly kubeconfig?: string },
  ): Promise<Finished>
  /** Ends the Rollouts controller at once: from here on nothing reacts to a patch. */
  stopController(): Promise<void>
  startController(): Promise<void>
  /** Ends the API server at once: connections are reset. */
  killApiServer(): Promise<void>
  /** Brings it back on the same port with the same contents. */
  startApiServer(): Promise<void>
  /** Ends all processes and removes all files; happens by itself when this process ends, in whatever way. */
  stop(): Promise<void>
}

/**
 * Starts a control plane of its own on free ports, built first where it is not; ready when this resolves.
 * @param features of Kubernetes that are on beside those that are by themselves
 * @throws Error quoting the log of what failed
 */
export async function startControlPlane(features: readonly string[] = []): Promise<ControlPlane> {
  const binDir = await buildControlPlane()
  const guardian = startGuardian()
  try {
    return await start(binDir, guardian, features)
  } catch (error) {
    await guardian.end()
    throw error
  }
}

async function start(binDir: string, guardian: Guardian, features: readonly string[]): Promise<ControlPlane> {
  const { dir } = guardian
  const [etcd = 0, etcdPeer = 0, port = 0, health = 0, metrics = 0, kubelet = 0, one = 0, other = 0] =
    await freePorts(8)
  const podPorts = { 8081: one, 8082: other }
  const server = `https://127.0.0.1:${port}`
  const kubeconfigOf = (user: User): string => join(dir, `${user}.kubeconfig`)
  const launch = (program: Program): Component =>
    startComponent(
      guardian,
      join(binDir, program),
      flags[program]({ dir, ports: { etcd, etcdPeer, api: port, health, metrics, kubelet }, kubeconfigOf, features }),
    )

  const tokens = makeTokens()
  writeFileSync(join(dir, 'tokens.csv'), tokenFile(tokens), { mode: 0o600 })
  writeFileSync(join(dir, 'service-account.pem'), newKey(), { mode: 0o600 })
  writeFileSync(join(dir, 'pod-ports.yaml'), portsOfPods(podPorts))

  launch('etcd')
  const authority = (): string => readFileSync(join(dir, 'certificates', 'apiserver.crt'), 'utf8')
  const launchApiServer = async (): Promise<Component> => {
    const component = launch('kube-apiserver')
    await ready(component, async () => {
      const api = new Api(server, authority(), tokens.admin)
      await api.get('/readyz').finally(() => api.close())
    })
    return component
  }
  const launchController = async (): Promise<Component> => {
    const component = launch('rollouts-controller')
    await ready(component, () => fetch(`http://127.0.0.1:${health}/healthz`))
    return component
  }

  let apiServer = await launchApiServer()
  const api = new Api(server, authority(), tokens.admin)
  for (const [user, token] of Object.entries(tokens))
    writeKubeconfig(kubeconfigOf(user as User), server, authority(), user, token)
  launch('kube-scheduler')
  launch('kwok')
  await Promise.all([addNode(api), addTypes(api, binDir)])
  // Started earlier, its garbage collector would know nothing of Rollouts for half a minute.
  launch('kube-controller-manager')
  let controller = await launchController()

  return {
    kubeconfig: kubeconfigOf('admin'),
    kubeconfigFor: kubeconfigOf,
    server,
    binDir,
    dir,
    api,
    podPorts,
    kubectl: (args, { input, kubeconfig = kubeconfigOf('admin') } = {}) =>
      run(join(binDir, 'kubectl'), args, {
        input,
        env: {
          KUBECONFIG: kubeconfig,
          KUBECACHEDIR: join(dir, 'kubectl-cache'),
          PATH: `${binDir}:${process.env['PATH']}`,
        },
      }),
    stopController: () => controller.kill(),
    async startController() {
      controller = await launchController()
    },
    killApiServer: () => apiServer.kill(),
    async startApiServer() {
      apiServer = await launchApiServer()
      // Ready is said before the storage of custom resources is.
      await ready(apiServer, () => api.get('/apis/argoproj.io/v1alpha1/rollouts'))
    },
    async stop() {
      await api.close()
      await guardian.end()
    },
  }
}

/** What kwok makes of the ports of its pods. */
const portsOfPods = (ports: ControlPlane['podPorts']): string =>
  JSON.stringify({
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterPortForward',
    metadata: { name: 'all' },
    spec: {
      forwards: Object.entries(ports).map(([ofPod, port]) => ({
        ports: [Number(ofPod)],
        target: { address: '127.0.0.1', port },
      })),
    },
  })

const newKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }) as string
