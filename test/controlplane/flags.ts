import { fileURLToPath } from 'node:url'
import type { User } from './users.ts'

const beside = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

const controllers = [
  'replicaset',
  'deployment',
  'endpointslice',
  'endpoints',
  'garbage-collector',
  'namespace',
  'job',
  'disruption',
  'horizontal-pod-autoscaler',
].map((name) => `${name}-controller`)

/** Where the parts of one control plane meet. */
export interface Layout {
  readonly dir: string
  readonly ports: {
    readonly etcd: number
    readonly etcdPeer: number
    readonly api: number
    readonly health: number
    readonly metrics: number
    readonly kubelet: number
  }
  readonly kubeconfigOf: (user: User) => string
  /** Features of Kubernetes that are on beside those that are by themselves. */
  readonly features: readonly string[]
}

const withFeatures = ({ features }: Layout): string[] =>
  features.length === 0 ? [] : [`--feature-gates=${features.map((each) => `${each}=true`).join()}`]

/** What each program is started with; the reasons for the unusual flags beside them. */
export const flags = {
  etcd: ({ dir, ports }: Layout) => [
    `--data-dir=${dir}/etcd`,
    '--unsafe-no-fsync',
    `--listen-client-urls=http://127.0.0.1:${ports.etcd}`,
    `--advertise-client-urls=http://127.0.0.1:${ports.etcd}`,
    `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
    `--initial-cluster=default=http://127.0.0.1:${ports.etcdPeer}`,
  ],
  'kube-apiserver': (layout: Layout) => [
    `--etcd-servers=http://127.0.0.1:${layout.ports.etcd}`,
    ...withFeatures(layout),
    '--bind-address=127.0.0.1',
    `--secure-port=${layout.ports.api}`,
    // It makes its own certificate there, which is also the kubeconfig's CA.
    `--cert-dir=${layout.dir}/certificates`,
    `--service-account-key-file=${layout.dir}/service-account.pem`,
    `--service-account-signing-key-file=${layout.dir}/service-account.pem`,
    '--service-account-issuer=https://controlplane.test',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=RBAC',
    `--token-auth-file=${layout.dir}/tokens.csv`,
    // With the second, the simulated node would stay tainted and no pod be scheduled.
    '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition',
    '--endpoint-reconciler-type=none',
    // The simulated node has a name that nobody resolves.
    '--kubelet-preferred-address-types=InternalIP',
    '--allow-privileged',
    `--audit-policy-file=${beside('audit-policy.yaml')}`,
    `--audit-log-path=${layout.dir}/audit.log`,
  ],
  'kube-controller-manager': (layout: Layout) => [
    `--kubeconfig=${layout.kubeconfigOf('kube-controller-manager')}`,
    ...withFeatures(layout),
    `--controllers=${controllers.join(',')}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    // It looks at an autoscaler no earlier than so long after it was made.
    '--horizontal-pod-autoscaler-sync-period=1s',
  ],
  'kube-scheduler': ({ kubeconfigOf }: Layout) => [
    `--kubeconfig=${kubeconfigOf('kube-scheduler')}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ],
  kwok: ({ dir, ports, kubeconfigOf }: Layout) => [
    `--kubeconfig=${kubeconfigOf('kwok')}`,
    '--manage-all-nodes=true',
    `--config=${beside('stages.yaml')}`,
    `--config=${dir}/pod-ports.yaml`,
    '--node-ip=127.0.0.1',
    `--node-port=${ports.kubelet}`,
    `--server-address=127.0.0.1:${ports.kubelet}`,
    '--cidr=10.128.0.0/9',
  ],
  'rollouts-controller': ({ kubeconfigOf, ports }: Layout) => [
    `--kubeconfig=${kubeconfigOf('argo-rollouts')}`,
    '--leader-elect=false',
    `--healthzPort=${ports.health}`,
    `--metricsPort=${ports.metrics}`,
  ],
}

export type Program = keyof typeof flags
