import { accessSync, constants, statSync } from 'node:fs'
import { basename, delimiter, join, normalize } from 'node:path'
import { at, list, text } from '../domain/objects/fields.ts'
import type { ConnectionFlags } from './flags.ts'
import { configuration } from './kubeconfig.ts'
import { readFile } from './read-file.ts'
import { readYaml } from './yaml.ts'

type Environment = ConnectionFlags['env']

/**
 * Which credential plugins a person lets run: the policy of kuberc, where KUBERC says, else in `~/.kube/kuberc`
 * (kubernetes.io/docs/reference/kubectl/kuberc; client-go, auth/exec, ValidatePluginPolicy and checkAllowlistLocked).
 * @throws ClusterError, reason Configuration, where the plugin may not run, or what is said cannot be meant
 */
export function mayRun(command: string, { env, homedir }: Pick<ConnectionFlags, 'env' | 'homedir'>): void {
  const kuberc = readKuberc(env, homedir)
  if (kuberc === undefined) return
  const { file, document } = kuberc
  const policy = text(at(document, 'credentialPluginPolicy')) || 'AllowAll'
  const said = at(document, 'credentialPluginAllowlist')
  const wrong = (what: string) => configuration(`${file}: ${what}`)
  const no = (why: string) =>
    configuration(`credential plugin ${JSON.stringify(command)} may not run: ${why} (${file})`)
  switch (policy) {
    case 'AllowAll':
    case 'DenyAll':
      if (said !== undefined && said !== null) {
        throw wrong(`credentialPluginPolicy is ${JSON.stringify(policy)}, but there is a credentialPluginAllowlist`)
      }
      if (policy === 'DenyAll') throw no('credentialPluginPolicy is "DenyAll"')
      return
    case 'Allowlist':
      if (!isAllowed(command, allowlist(said, wrong), env)) throw no('credentialPluginAllowlist does not name it')
      return
    default:
      throw wrong(`unknown credentialPluginPolicy ${JSON.stringify(policy)}`)
  }
}

/** Entries as they are compared. kubectl 1.35 calls what is matched `name`, later ones `command`. */
function allowlist(said: unknown, wrong: (what: string) => Error): readonly string[] {
  const entries = list(said).map((each) => text(at(each, 'command')) ?? text(at(each, 'name')) ?? '')
  if (entries.length === 0)
    throw wrong('credentialPluginPolicy is "Allowlist", but credentialPluginAllowlist names none')
  const odd = entries.findIndex((each) => each === '' || normalize(each) !== each)
  if (odd >= 0) throw wrong(`entry ${odd + 1} of credentialPluginAllowlist is empty, or no plain path`)
  return entries
}

function isAllowed(given: string, entries: readonly string[], env: Environment): boolean {
  const command = normalize(given)
  if (entries.includes(command)) return true
  const path = lookPath(command, env)
  if (path === undefined) return false
  return entries.some((each) => each === path || (basename(each) === basename(path) && lookPath(each, env) === path))
}

/** Where a command would be run from (Go, os/exec LookPath). */
function lookPath(command: string, env: Environment): string | undefined {
  if (command.includes('/')) return isExecutable(command) ? command : undefined
  const folders = (env.PATH ?? '').split(delimiter).filter((each) => each !== '')
  return folders.map((each) => join(each, command)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** One that was asked for must be there and be readable; another one need not be (kubectl, pkg/kuberc). */
function readKuberc(
  env: Environment,
  homedir: string,
): { readonly file: string; readonly document: unknown } | undefined {
  if (env.KUBERC === 'off') return undefined
  const file = env.KUBERC || join(homedir, '.kube', 'kuberc')
  try {
    return { file, document: readYaml(readFile(file).toString('utf8')) ?? {} }
  } catch (error) {
    if (!env.KUBERC && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw configuration(`cannot read kuberc ${file}: ${(error as Error).message.split('\n')[0]}`, error)
  }
}
