/** Who a URL logs in as. */
const USER = /\/\/[^\s/@]*@/g

/** A URL with a path. */
const PATH = /(?<![\w+.-])(?<scheme>[a-z][\w+.-]*):\/\/[^\s/,;"'`]*(?<path>(?:\/(?!\/)[^\s/,;"'`|<>()]*)+)/gi

/** Where the host is the first part of the path: `dns://8.8.8.8/orders:80`, and `any:///orders:80`. */
const RESOLVED = /^\/[\w.-]+(?<port>:\d+)?/
const RESOLVERS: ReadonlySet<string> = new Set('dns xds passthrough kubernetes k8s kuberesolver'.split(' '))

/** Of what follows the scheme all is the name of a thing: `arn:aws:sqs:eu-west-1:1234:orders`, `jdbc:h2:mem:orders`. */
const THINGS = schemes(
  'arn urn file classpath mem memory sqlite sqlite3 derby docker docker-image oci mailto',
  'jms sjms sjms2 activemq direct seda kafka rabbitmq queue topic',
)
/** Buckets, topics and their like stand where others have a host: `s3://orders/x`. One with a port is a host. */
const STORES = schemes(
  's3 s3a s3n gs gcs azblob abfs abfss wasb wasbs adl oss cos cosn b2 swift dynamodb bigquery',
  'sqs awssqs sns awssns pubsub gcppubsub azuresb persistent non-persistent topic',
  'secret ssm awsssm awssecretsmanager gcpsecretmanager docker docker-image oci file classpath mem sqlite balancer',
)

/**
 * The name of a variable, an anchor, a template's value, or of a part of the file: `$orders`, `${orders:…}`,
 * `{{ orders }}`, `*orders`, `@orders`. Only a variable's value has a port.
 */
const REFERENCES = [
  /(?<![\w)\]}.])(?:[$%][{(]?|#\{)[\w.-]+/g,
  /(?<![\w)\]}.])[*&][\w.-]+(?![\w.-]|:\d)/g,
  /\{\{-?[ \t]*[\w.-]+(?=[ \t]*[|}-])/g,
  /(?<=^|[\s,;=([{"'`])@[\w.-]+(?![\w.-]|:\d)/g,
]

/** What steers a template, and leaves nothing of itself. */
const STEERS = /(?!-?[ \t]*(?:if|else|end|range|with)\b)/.source
const BEFORE = new RegExp(`(?:[$%#]\\{[^{}]*\\}|\\$\\([^()\\s]*\\)|\\{\\{${STEERS}[^{}]*\\}\\}|<%=[^%]*%>|%\\w+%)$`)
const BEHIND = new RegExp(
  `^(?:[$#]\\{|\\$\\(?|%(?=\\w+%)|\\{\\{${STEERS}-?|<%=)[ \\t]*[.$]?(?<name>[a-z_][\\w.-]*)`,
  'i',
)
/** What goes on from a host as a path does: `http://orders$request_uri`. */
const OF_A_PATH = /(?:ur[il]|path|args|query|script_name)$/i
/** No reference is longer. */
const LONGEST_REFERENCE = 200

/** Whether a name in a text is only a part of a host: `orders${SUFFIX}`, `{{ .Prefix }}orders`. */
export function isPart(text: string, start: number, end: number): boolean {
  const behind = BEHIND.exec(text.slice(end, end + LONGEST_REFERENCE))?.groups!['name']
  if (behind !== undefined && !OF_A_PATH.test(behind)) return true
  return /[})%>]/.test(text[start - 1] ?? '') && BEFORE.test(text.slice(Math.max(0, start - LONGEST_REFERENCE), start))
}

/** What names somebody or something, but no host. */
const NO_HOSTS: readonly RegExp[] = [
  // Who logs in where no scheme is written: `user:pw@tcp(mysql:3306)`, Oracle's `thin:user/pw@sql:1521`.
  /thin:[^\s@:]+@|(?<=^|[\s/@,;?#=&|()<>"'`])[^\s/@,;?#=&|()<>"'`]+@(?!\d+(?:[,;\s]|$))/g,
  // A database after its port: Oracle's `@sql:1521:orders`.
  /(?<=[\w)\]]:\d{2,5}):[\w.-]+(?![\w.-]|:\d)/g,
  new RegExp(`(?<![\\w.-])(?:${THINGS}):(?!\\d|//|[\\w.-]+:\\d|[\\w+]+://)[^\\s,;"'\`]*`, 'gi'),
  new RegExp(`(?<![\\w.-])(?:${STORES})://[\\w.-]+(?![\\w.-]|:\\d{2,5}(?![\\w.]))`, 'gi'),
]

function schemes(...lists: readonly string[]): string {
  return lists.flatMap((each) => each.split(' ')).join('|')
}

/** A text of the same length without the names of variables and their like. */
export function withoutReferences(text: string): string {
  return REFERENCES.reduce((left, each) => left.replaceAll(each, blank), text)
}

/** A text of the same length without what is no host in it, whatever it is called. */
export function hostsLeftIn(text: string): string {
  if (!/[@:]/.test(text)) return text
  const served = text.replaceAll(USER, (user) => '//'.padStart(user.length))
  const resolved = served.replaceAll(PATH, (all, scheme: string, path: string) => {
    const found = RESOLVED.exec(path)
    const start = all.length - path.length
    const ported = found?.groups!['port'] !== undefined && all[start - 1] === '/'
    if (found !== null && (ported || RESOLVERS.has(scheme.toLowerCase())))
      return ('//'.padStart(start + 1) + found[0].slice(1)).padEnd(all.length)
    return all.slice(0, start).padEnd(all.length)
  })
  return NO_HOSTS.reduce((left, each) => left.replaceAll(each, blank), resolved)
}

function blank(found: string): string {
  return ' '.repeat(found.length)
}
