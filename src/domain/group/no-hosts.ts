/** Who a URL logs in as. */
const USER = /\/\/[^\s/@]*@/g

/** A URL with a path. */
const PATH = /(?<![\w+.-])(?<scheme>[a-z][\w+.-]*):\/\/[^\s/,;"'`]*(?<path>(?:\/(?!\/)[^\s/,;"'`|<>()]*)+)/gi

/** Where the host is the first part of the path: `dns://8.8.8.8/orders:80`, and `any:///orders:80`. */
const RESOLVED = /^\/[\w.-]+(?<port>:\d+)?/
const RESOLVERS: ReadonlySet<string> = new Set('dns xds passthrough kubernetes k8s consul direct discovery'.split(' '))

/** What names somebody or something, but no host: each with what it looks like. */
const NO_HOSTS: readonly RegExp[] = [
  // Who logs in where no scheme is written: `user:pw@tcp(mysql:3306)`, Oracle's `thin:user/pw@sql:1521`.
  /thin:[^\s@]+@|(?<![\w.@])[^\s/@,;?#=&|()<>"'`]+@/g,
  // A database after its port: Oracle's `@sql:1521:orders`.
  /(?<=[\w)\]]:\d{2,5}):[\w.-]+(?![\w.-]|:\d)/g,
  // Names of things, by scheme: `arn:aws:sqs:eu-west-1:1234:orders`, `jdbc:h2:mem:orders`, `docker://orders:2.0`.
  /(?<![\w.-])(?:arn|urn|file|classpath\*?|mem|memory|sqlite3?|derby|docker(?:-image)?|oci):(?!\d)[^\s,;"'`]*/gi,
  // Buckets, topics and their like stand where others have a host; one with a port is a host.
  /(?<![\w.-])(?:s3[an]?|gs|gcs|az|azblob|abfss?|wasbs?|adl|oss|cosn?|b2):\/\/[\w.-]+(?![\w.-]|:\d)/gi,
  /(?<![\w.-])(?:kafka|sqs|awssqs|sns|awssns|pubsub|gcppubsub|azuresb|topic|queue):\/\/[\w.-]+(?![\w.-]|:\d)/gi,
  /(?<![\w.-])(?:secret|ssm|awsssm|awssecretsmanager|gcpsecretmanager|dynamodb|bigquery):\/\/[\w.-]+(?![\w.-]|:\d)/gi,
]

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
  return NO_HOSTS.reduce((left, each) => left.replaceAll(each, (found) => ' '.repeat(found.length)), resolved)
}
