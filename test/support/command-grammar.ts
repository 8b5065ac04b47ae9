/**
 * Whether a shell would run what is printed: the grammar of the commands that remedies may speak of, kubectl's and
 * those of the Argo Rollouts plugin.
 */

/** The words of a command line as a shell sees them. @throws Error where a quote is left open */
export function shellWords(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\'|[^\s'])+/g) ?? []
  if ((line.replaceAll("\\'", '').match(/'/g)?.length ?? 0) % 2 !== 0) throw new Error(`a quote is left open: ${line}`)
  return words.map((word) => word.replaceAll("\\'", '\0').replaceAll("'", '').replaceAll('\0', "'"))
}

const NAME = String.raw`[a-z0-9]([-a-z0-9.]*[a-z0-9])?`
const KEY = String.raw`([a-z0-9.-]+/)?[A-Za-z0-9_.-]+`

/** Every form, its words joined by spaces, flags of the connection left out. */
const FORMS: readonly RegExp[] = [
  new RegExp(String.raw`^annotate( --overwrite)? (rollout|replicaset)( ${NAME})+( ${KEY}=\S*)+$`),
  new RegExp(String.raw`^label rollout( ${NAME})+( ${KEY}=\S+)+$`),
  new RegExp(String.raw`^patch (rollout|service)( ${NAME})+ --type merge -p \{.*\}$`),
  new RegExp(String.raw`^get (pods|rollouts|replicasets|services|events)( ${NAME})?( -A)?( -l \S+)?$`),
  new RegExp(String.raw`^auth can-i [a-z]+ [a-z]+(/\S+)?( --subresource=[a-z]+)?$`),
  new RegExp(
    String.raw`^argo rollouts (retry rollout|get rollout|restart|abort|undo|promote) ${NAME}( --to-revision=\d+)?$`,
  ),
]

/** Flags that lead to the cluster and the namespace, each with a value. */
const REACHING = new Set(['-n', '--context', '--cluster', '--user', '--kubeconfig', '--server', '--as'])

/** Why a command of kubectl's would not run; undefined where it would. */
export function faultOf(line: string): string | undefined {
  const [first, ...words] = shellWords(line)
  if (first !== 'kubectl') return `it is no command of kubectl: ${line}`
  const own = words.filter((word, index) => !REACHING.has(word) && !REACHING.has(words[index - 1] ?? ''))
  const joined = own.join(' ')
  if (!FORMS.some((form) => form.test(joined))) return `no form of kubectl's: ${line}`
  const patch = own[own.indexOf('-p') + 1]
  if (own.includes('-p')) JSON.parse(patch!)
  return undefined
}
