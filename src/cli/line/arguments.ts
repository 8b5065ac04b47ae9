import type { ConnectionFlags } from '../../cluster/flags.ts'
import { type Arguments, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { parseDuration } from './duration.ts'
import { didYouMean } from './suggest.ts'

/** The value of an option; of several the last, as kubectl takes them; undefined where it is absent or empty. */
export function text(args: Arguments, name: string): string | undefined {
  const last = texts(args, name).at(-1)
  return last === '' ? undefined : last
}

/** All values of an option that may be repeated. */
export function texts(args: Arguments, name: string): readonly string[] {
  const value = args[name]
  return [value].flat().flatMap((each) => (each === undefined ? [] : [String(each)]))
}

/** Whether a flag was given; `--flag=false` takes it back. */
export function flag(args: Arguments, name: string): boolean {
  return [args[name]].flat().at(-1) === true
}

/** One of a few words. @throws UsageError for any other */
export function choice<Word extends string>(args: Arguments, name: string, words: readonly Word[]): Word | undefined {
  const value = text(args, name)
  if (value === undefined || (words as readonly string[]).includes(value)) return value as Word | undefined
  throw new UsageError(`--${name} ${JSON.stringify(value)} is none of ${words.join(', ')}${didYouMean(value, words)}`)
}

/**
 * Milliseconds of a Go duration.
 * @param inPlace words that may stand in its place, for whoever wrote neither @throws UsageError where it is none
 */
export function duration(args: Arguments, name: string, inPlace: readonly string[] = []): number | undefined {
  const value = text(args, name)
  if (value === undefined) return undefined
  const milliseconds = parseDuration(value)
  if (milliseconds === undefined)
    throw new UsageError(
      `--${name} ${JSON.stringify(value)} is no duration; write ${[...inPlace, '90s', '2m', '1h30m'].join(', ')}, or 0`,
    )
  return milliseconds
}

/** The names of a comma-separated list. @throws UsageError where there is none */
export function names(args: Arguments, name: string): readonly string[] | undefined {
  const value = text(args, name)
  const found = value
    ?.split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  if (found?.length === 0) throw new UsageError(`--${name} names nobody`)
  return found
}

/** A bare number is seconds here (k8s.io/client-go, clientcmd.ParseTimeout). */
function requestTimeout(args: Arguments): number {
  const value = text(args, 'request-timeout') ?? '0'
  return /^\d+$/.test(value) ? 1000 * Number(value) : duration(args, 'request-timeout')!
}

/** `key=value` of --as-user-extra. @throws UsageError for anything else */
function keyed(given: string): readonly [key: string, value: string] {
  const at = given.indexOf('=')
  if (at < 1) throw new UsageError(`--as-user-extra ${JSON.stringify(given)} is not key=value`)
  return [given.slice(0, at), given.slice(at + 1)]
}

/** kubectl's connection flags, with the parts of the process they are read against. */
export function connectionFlags(args: Arguments, context: CliContext): ConnectionFlags {
  const verbosity = text(args, 'v')
  if (verbosity !== undefined && !/^\d+$/.test(verbosity))
    throw new UsageError(`--v ${JSON.stringify(verbosity)} is no number`)
  // A passing line of progress gives way.
  const say = (line: string) => context.stderr.write(`${context.stderr.isTTY ? '\r\u001b[K' : ''}${line}\n`)
  const kuberc = text(args, 'kuberc')
  const chunk = text(args, 'chunk-size')
  if (chunk !== undefined && !/^\d+$/.test(chunk))
    throw new UsageError(`--chunk-size ${JSON.stringify(chunk)} is no number`)
  return {
    kubeconfig: text(args, 'kubeconfig'),
    context: text(args, 'context'),
    cluster: text(args, 'cluster'),
    user: text(args, 'user'),
    namespace: text(args, 'namespace'),
    server: text(args, 'server'),
    token: text(args, 'token'),
    username: text(args, 'username'),
    password: text(args, 'password'),
    as: text(args, 'as'),
    asGroup: texts(args, 'as-group'),
    asUid: text(args, 'as-uid'),
    asUserExtra: texts(args, 'as-user-extra').map((each) => keyed(each)),
    certificateAuthority: text(args, 'certificate-authority'),
    clientCertificate: text(args, 'client-certificate'),
    clientKey: text(args, 'client-key'),
    insecureSkipTlsVerify: flag(args, 'insecure-skip-tls-verify'),
    tlsServerName: text(args, 'tls-server-name'),
    requestTimeoutMs: requestTimeout(args),
    env: kuberc === undefined ? context.env : { ...context.env, KUBERC: kuberc },
    homedir: context.homedir,
    interactive: context.stdin.isTTY,
    disableCompression: flag(args, 'disable-compression'),
    chunkSize: chunk === undefined ? undefined : Number(chunk),
    ...context.plugins,
    say,
    warn: (sentence) => say(`Warning: ${sentence}`),
    trace: say,
    hear: context.hear,
    verbosity: verbosity === undefined ? 0 : Number(verbosity),
  }
}
