/** What *proved* rests on, in the order of docs/proof.md, which begins each of these alike and says more of it. */
export const ASSUMPTIONS: readonly string[] = [
  'Callers outside the group, or in another namespace, are not known.',
  'Addresses are where they can be read: in environments, ConfigMaps, mounted files and arguments. One that is put ' +
    'together in code is not seen.',
  'Calls of a member to itself are not followed: its own address is often the one by which others know it.',
  'Secrets are not read. An address in one is unknown, unless it is declared.',
  'Pods are what their template says, and keep the environment they started with.',
  'DNS and kube-proxy follow at once. In truth each node follows a moment later; the drain waits for old pods only.',
  'Services share calls out to all their ready pods. Fields by which they do not are told (service-semantics).',
  'Meshes and routers decide by rules that are not read beyond what Argo Rollouts itself sets.',
  'The controller is Argo Rollouts, and behaves as 1.10.1 does.',
  'It is about calls: not about data that two releases share, nor about sessions.',
]
