import type { ControlPlane } from '../controlplane/start.ts'
import { apply, waitFor } from '../conformance/support.ts'
import { chain } from './chain.ts'

const OTHERS = 210
const PODS = 3400
const SERVICES = 5000
/** Requests that are under way at once. */
const AT_ONCE = 16

/** Fills a namespace with what others have there: Rollouts of a group of their own, pods and Services. */
export async function crowd(plane: ControlPlane, namespace: string): Promise<void> {
  const others = chain(OTHERS, '1.0', 'active').replaceAll('member-', 'other-').replaceAll('"chain"', '"others"')
  await apply(plane, namespace, others.replaceAll('"replicas":2', '"replicas":1'))
  await many(PODS, (index) =>
    plane.api.request('POST', `/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name: `pod-${index}`, labels: { app: `of-others-${index % OTHERS}` } },
      // It is never run: nothing of it changes while others are measured.
      spec: {
        schedulingGates: [{ name: 'example.com/never' }],
        containers: [{ name: 'main', image: 'example.com/a:1' }],
      },
    }),
  )
  await many(SERVICES - 2 * OTHERS, (index) =>
    plane.api.request('POST', `/api/v1/namespaces/${namespace}/services`, {
      metadata: { name: `service-${index}` },
      spec: { clusterIP: 'None', selector: { app: `of-nobody-${index}` }, ports: [{ port: 8080 }] },
    }),
  )
  await waitFor(
    plane,
    'rollouts',
    namespace,
    `other-${OTHERS - 1}`,
    ({ status }) => status?.phase === 'Healthy',
    600_000,
  )
}

async function many(count: number, make: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next
      next += 1
      await make(index)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
