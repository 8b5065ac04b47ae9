import assert from 'node:assert/strict'
import { tokenOf, type UserName } from '../../../src/sim/api/access.ts'
import { type Served, serve } from '../../../src/sim/api/serve.ts'
import { Store } from '../../../src/sim/store.ts'

export const NOW = Date.UTC(2026, 0, 1, 12)

export interface Asked {
  /** A text as it is, anything else as JSON. */
  readonly body?: unknown
  readonly as?: UserName
  readonly type?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

export interface Reply {
  readonly code: number
  readonly body: any
}

/** The simulated API without a wire, over a store with the namespace `legacy` and the Rollout `my-backend` in it. */
export class Api {
  readonly store = new Store(() => NOW)

  constructor() {
    this.store.create('namespaces', undefined, { metadata: { name: 'legacy' } })
    this.store.create('rollouts', 'legacy', {
      metadata: { name: 'my-backend', labels: { app: 'my-backend' } },
      spec: { replicas: 3 },
    })
  }

  outcome(method: string, path: string, { body, as, type, headers = {} }: Asked = {}): Served {
    const [at = '', search = ''] = path.split('?')
    return serve(this.store, NOW, {
      method,
      path: at,
      query: new URLSearchParams(search),
      body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
      headers: {
        ...(as !== undefined && { authorization: `Bearer ${tokenOf(as)}` }),
        ...(type !== undefined && { 'content-type': type }),
        ...headers,
      },
    })
  }

  ask(method: string, path: string, asked: Asked = {}): Reply {
    const outcome = this.outcome(method, path, asked)
    assert.ok('answer' in outcome, 'it is a watch')
    return outcome.answer
  }

  /** Code and reason of a refusal, which must be a whole Status. */
  refusal(method: string, path: string, asked: Asked = {}): readonly [code: number, reason: string, message: string] {
    const { code, body } = this.ask(method, path, asked)
    assert.deepEqual(
      [body.kind, body.apiVersion, body.status, body.code],
      ['Status', 'v1', 'Failure', code],
      JSON.stringify(body),
    )
    return [code, body.reason, body.message]
  }
}

export const ROLLOUTS = '/apis/argoproj.io/v1alpha1/namespaces/legacy/rollouts'
export const CONFIGMAPS = '/api/v1/namespaces/legacy/configmaps'
export const SERVICES = '/api/v1/namespaces/legacy/services'
export const LEASES = '/apis/coordination.k8s.io/v1/namespaces/legacy/leases'
export const DEPLOYMENTS = '/apis/apps/v1/namespaces/legacy/deployments'
