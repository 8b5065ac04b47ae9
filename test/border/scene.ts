/** One case at the border: a server that records, perhaps a proxy before it, and a kubeconfig that leads there. */

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../controlplane/run.ts'
import {
  type ApiServer,
  certificate,
  type Handler,
  json,
  listOf,
  type Seen,
  startApiServer,
} from '../support/api-server.ts'
import { type ProxyServer, startConnectProxy, startSocksProxy } from '../support/proxy-server.ts'
import type { Given, Row, Scene } from './row.ts'

/** What came of a case. */
export interface Outcome {
  /** Whom the server saw and knew last, and through which proxy: `Bearer t`, `nobody`, `nothing` where nothing came. */
  readonly seen: string
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Plays one row with a program. */
export async function play(row: Row, program: string, words: readonly string[]): Promise<Outcome> {
  const dir = mkdtempSync(join(tmpdir(), 'border-'))
  const refused = new Set<Seen>()
  const server = await serverOf(row, refused)
  const proxy = await proxyOf(row)
  try {
    const scene = sceneOf(dir, server, proxy)
    const given = row.given(scene)
    const kubeconfig = scene.file('kubeconfig', JSON.stringify(configOf(row, scene, given)))
    const env = { PATH: `${dir}:${process.env['PATH']}`, HOME: dir, KUBECONFIG: kubeconfig, ...given.env }
    const { code, stdout, stderr } = await run(program, [...words, ...(given.flags ?? [])], { env, only: true })
    return { seen: seenBy(server, refused, proxy, code), code, stdout, stderr }
  } finally {
    await proxy?.close()
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

function sceneOf(dir: string, server: ApiServer, proxy: ProxyServer | undefined): Scene {
  const file = (name: string, content: string): string => {
    mkdirSync(join(dir, name, '..'), { recursive: true })
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  return {
    dir,
    server: server.url,
    named: server.url.replace('127.0.0.1', 'kube.test'),
    proxy: `127.0.0.1:${proxy?.port ?? 1}`,
    file,
    plugin(...lines) {
      const path = file('login-plugin', ['#!/bin/sh', ...lines].join('\n'))
      chmodSync(path, 0o755)
      return path
    },
  }
}

function configOf({ server: kind = 'https' }: Row, { server }: Scene, { cluster, user, config }: Given): object {
  const trusted = {
    https: 'root.pem',
    strict: 'root.pem',
    expired: 'expired.pem',
    'other-name': 'other-name.pem',
  } as const
  return (
    config ?? {
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'ann', namespace: 'shop' } }],
      clusters: [
        {
          name: 'c',
          cluster: {
            server,
            ...(kind !== 'http' && { 'certificate-authority': certificate(trusted[kind]) }),
            ...cluster,
          },
        },
      ],
      users: [{ name: 'ann', user: user ?? {} }],
    }
  )
}

/** @param refused gets the requests of whom the server does not know */
function serverOf({ server: kind = 'https', answers }: Row, refused: Set<Seen>): Promise<ApiServer> {
  const answered = answers ?? ((_, response) => json(response, listOf([])))
  const handler: Handler = (seen, response) => {
    answered(seen, response)
    if (response.statusCode === 401) refused.add(seen)
  }
  if (kind === 'http') return startApiServer('http', handler)
  return startApiServer('h2', handler, {
    shows: kind === 'https' || kind === 'strict' ? 'server' : kind,
    clientCertificates: kind === 'strict' || 'asked for',
  })
}

function proxyOf({ proxy }: Row): Promise<ProxyServer> | undefined {
  switch (proxy) {
    case undefined:
    case 'dead':
      return undefined
    case 'socks':
      return startSocksProxy()
    case 'open':
      return startConnectProxy()
    case 'secure':
      return startConnectProxy(undefined, 0, true)
    case 'asks':
      return startConnectProxy('ann:pa:ss')
    case 'refuses':
      return startConnectProxy(403)
  }
}

/** Of requests on several connections one that is refused may arrive after one that was sent later. */
function seenBy(
  server: ApiServer,
  refused: ReadonlySet<Seen>,
  proxy: ProxyServer | undefined,
  code: number | null,
): string {
  const last = server.seen.findLast((one) => !refused.has(one)) ?? server.seen.at(-1)
  const through = proxy !== undefined && proxy.tunnels.length > 0 ? ', through the proxy' : ''
  return `${last === undefined ? 'nothing' : who(last)}${through}${code === 0 ? '' : ', refused'}`
}

function who({ headers, peer }: Seen): string {
  const as = ['impersonate-user', 'impersonate-group', 'impersonate-uid'].flatMap((each) => headers[each] ?? [])
  const shown = [headers.authorization, peer && `the certificate of ${peer}`].filter(Boolean)
  return `${shown.join(' and ') || 'nobody'}${as.length === 0 ? '' : ` as ${as.join(', ')}`}`
}
