import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import type { Authenticator } from '@kubernetes/client-node/dist/auth.js'
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js'
import { printable } from '../text/printable.ts'
import { at, fields, list, text } from '../domain/objects/fields.ts'
import type { ConnectionFlags } from './flags.ts'
import { configuration } from './kubeconfig.ts'
import type { Target } from './target.ts'
import { readMaterial } from './tls.ts'

/**
 * client-node's authenticator for credential plugins, with what it leaves out of the protocol
 * (kubernetes.io/docs/reference/config-api/client-authentication.v1): KUBERNETES_EXEC_INFO, the caller's environment, a
 * terminal for plugins that ask, and a failure that quotes the plugin and its install hint.
 * @param ended stops a plugin that still runs
 */
export function execAuthenticator(target: Target, flags: ConnectionFlags, ended: AbortSignal): Authenticator {
  const { user } = target
  const command = text(at(user.exec, 'command')) ?? ''
  const interactive = mayAsk(user.exec, flags, command)
  const run: { exitCode?: number | null; stderr: string } = { stderr: '' }

  const start = (file: string, args: readonly string[] | undefined, _options: SpawnOptions): ChildProcess => {
    const child = spawn(file, args ?? [], {
      env: environment(target, flags, interactive),
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      signal: ended,
    })
    run.stderr = ''
    child.stderr?.on('data', (chunk: string) => {
      run.stderr += chunk
      if (interactive) flags.trace?.(printable(chunk.trimEnd()))
    })
    child.on('exit', (code) => {
      run.exitCode = code
    })
    return child
  }
  // Its spawn is a private field there, and meant to be replaced.
  const stock = Object.assign<Authenticator, object>(new ExecAuth(), { execFn: start })

  return {
    isAuthProvider: (given) => stock.isAuthProvider(given),
    async applyAuthentication(given, options) {
      try {
        await stock.applyAuthentication(given, options)
      } catch (error) {
        throw configuration(failure(command, user.exec, run, error as NodeJS.ErrnoException), error)
      }
      if (!fields(options.headers).Authorization && !options.cert) {
        throw configuration(`credential plugin ${JSON.stringify(command)} gave neither a token nor a certificate`)
      }
    },
  }
}

function mayAsk(exec: unknown, flags: ConnectionFlags, command: string): boolean {
  const mode = text(at(exec, 'interactiveMode')) ?? 'IfAvailable'
  if (mode === 'Always' && !flags.interactive)
    throw configuration(
      `credential plugin ${JSON.stringify(command)} wants to ask something, but standard input is not a terminal`,
    )
  return mode !== 'Never' && flags.interactive === true
}

function environment(
  { user, cluster, execConfig }: Target,
  flags: ConnectionFlags,
  interactive: boolean,
): NodeJS.ProcessEnv {
  const own = list(at(user.exec, 'env')).flatMap((each) => {
    const name = text(at(each, 'name'))
    return name === undefined ? [] : [[name, text(at(each, 'value')) ?? ''] as const]
  })
  const ca = readMaterial(cluster.caData, cluster.caFile, 'certificate authority')
  const told =
    at(user.exec, 'provideClusterInfo') !== true
      ? undefined
      : {
          server: cluster.server,
          'tls-server-name': cluster.tlsServerName,
          'insecure-skip-tls-verify': cluster.skipTLSVerify || undefined,
          'certificate-authority-data': ca?.toString('base64'),
          'proxy-url': cluster.proxyUrl,
          config: at(execConfig, 'extension') ?? null,
        }
  const info = { kind: 'ExecCredential', apiVersion: at(user.exec, 'apiVersion'), spec: { cluster: told, interactive } }
  return { ...flags.env, ...Object.fromEntries(own), KUBERNETES_EXEC_INFO: JSON.stringify(info) }
}

function failure(
  command: string,
  exec: unknown,
  run: { exitCode?: number | null; stderr: string },
  error: NodeJS.ErrnoException,
): string {
  const hint = text(at(exec, 'installHint'))?.trim()
  const plugin = `credential plugin ${JSON.stringify(command)}`
  if (error.code === 'ENOENT') return `${plugin} was not found${hint ? `: ${printable(hint)}` : ''}`
  if (run.exitCode !== 0) {
    const said = printable((run.stderr.trim() || error.message).slice(-2000))
    return `${plugin} failed${run.exitCode ? ` with exit code ${run.exitCode}` : ''}: ${said}${hint ? ` (${printable(hint)})` : ''}`
  }
  return `${plugin} did not answer as a credential plugin does: ${printable(error.message)}`
}
