import { at, list, text } from '../domain/objects/fields.ts'
import { printable } from '../text/printable.ts'
import { mayRun } from './exec-policy.ts'
import { type Ran, runPlugin } from './exec-run.ts'
import type { ConnectionFlags } from './flags.ts'
import { configuration } from './kubeconfig.ts'
import type { ClientProof, CredentialSource } from './source.ts'
import type { ClusterTarget } from './target.ts'
import { traceNote } from './trace.ts'
import { readMaterial } from './material.ts'
import { readYaml } from './yaml.ts'

/**
 * A credential plugin (kubernetes.io/docs/reference/config-api/client-authentication.v1), run when its last answer has
 * expired or was refused.
 * @param ended stops a plugin that still runs
 */
export function execSource(target: ClusterTarget, flags: ConnectionFlags, ended: AbortSignal): CredentialSource {
  const exec: unknown = target.user.exec
  const command = text(at(exec, 'command')) ?? ''
  const plugin = `credential plugin ${JSON.stringify(command)}`
  const interactive = mayAsk(exec, flags, plugin)
  let kept: { readonly proof: ClientProof; readonly expires: number } | undefined

  const run = async (): Promise<ClientProof> => {
    mayRun(command, flags)
    const words = list(at(exec, 'args')).map((each) => text(each) ?? '')
    const start = () =>
      runPlugin(command, words, environment(target, flags, interactive), { interactive, flags, ended })
    const started = performance.now()
    const ran = await (interactive && flags.lendTerminal !== undefined ? flags.lendTerminal(start) : start())
    traceNote(flags, () => `${plugin} ended ${ran.ended} after ${Math.round(performance.now() - started)} ms`)
    if (ran.ended !== 'well') throw configuration(failure(plugin, exec, ran))
    const answer = parse(ran.stdout)
    const wrong = complaint(answer, exec)
    if (wrong !== undefined) throw configuration(`${plugin} ${wrong}`)
    const status = at(answer, 'status')
    const token = text(at(status, 'token'))
    const proof = {
      authorization: token ? `Bearer ${token.trim()}` : undefined,
      cert: text(at(status, 'clientCertificateData')) || undefined,
      key: text(at(status, 'clientKeyData')) || undefined,
    }
    const expires = Date.parse(text(at(status, 'expirationTimestamp')) ?? '')
    kept = { proof, expires: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires }
    return proof
  }
  return {
    ask: () => (kept !== undefined && kept.expires > Date.now() ? kept.proof : run()),
    forget() {
      kept = undefined
      return true
    },
  }
}

function mayAsk(exec: unknown, flags: ConnectionFlags, plugin: string): boolean {
  const mode = text(at(exec, 'interactiveMode')) || 'IfAvailable'
  if (mode === 'Always' && !flags.interactive)
    throw configuration(`${plugin} wants to ask something, but standard input is not a terminal`)
  return mode !== 'Never' && flags.interactive === true
}

function environment({ user, cluster, execConfig }: ClusterTarget, { env }: ConnectionFlags, interactive: boolean) {
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
  const info = {
    kind: 'ExecCredential',
    apiVersion: at(user.exec, 'apiVersion'),
    spec: { cluster: told, interactive },
  }
  return { ...env, ...Object.fromEntries(own), KUBERNETES_EXEC_INFO: JSON.stringify(info) }
}

/** kubectl reads YAML, too, one document of it. */
function parse(stdout: string): unknown {
  try {
    return readYaml(stdout)
  } catch {
    return undefined
  }
}

const OTHERWISE = 'did not answer as a credential plugin does:'

/** What is wrong with an answer (client-go, auth/exec refreshCredsLocked); undefined: nothing. */
function complaint(answer: unknown, exec: unknown): string | undefined {
  const [asked, given] = [at(exec, 'apiVersion'), at(answer, 'apiVersion')]
  const status = at(answer, 'status')
  const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((each) => text(at(status, each)))
  if (typeof answer !== 'object' || answer === null) return `${OTHERWISE} it is not JSON`
  if (at(answer, 'kind') !== 'ExecCredential') return `${OTHERWISE} its kind is ${shown(at(answer, 'kind'))}`
  if (given !== asked)
    return `is configured to use API version ${shown(asked)}, but answered with version ${shown(given)}`
  if (typeof status !== 'object' || status === null) return `${OTHERWISE} there is no status`
  const expires = at(status, 'expirationTimestamp') ?? undefined
  if (expires !== undefined && Number.isNaN(Date.parse(text(expires) ?? '')))
    return `${OTHERWISE} its expirationTimestamp is no time`
  if (Boolean(cert) !== Boolean(key)) return 'gave only one of certificate and key'
  return token || cert ? undefined : 'gave neither a token nor a certificate'
}

function shown(value: unknown): string {
  return typeof value === 'string' ? printable(value.slice(0, 100)) : value === undefined ? 'none' : typeof value
}

function failure(plugin: string, exec: unknown, ran: Exclude<Ran, { readonly ended: 'well' }>): string {
  const hint = text(at(exec, 'installHint'))?.trim()
  switch (ran.ended) {
    case 'unfound':
      return `${plugin} was not found${hint ? `: ${hint}` : ''}`
    case 'unstarted':
      return `${plugin} cannot be run: ${printable(ran.why)}`
    case 'too-long':
      return `${plugin} writes more than ${ran.most} bytes: that is no credential`
    case 'badly': {
      const said = ran.stderr.trim().slice(-2000)
      return `${plugin} failed with ${ran.how}${said === '' ? '' : `: ${said}`}${hint ? ` (${hint})` : ''}`
    }
  }
}
