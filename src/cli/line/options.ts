import type { OptionTable } from '../command.ts'

/** An option with a value. */
export const text = (describe: string, group: string) =>
  ({ type: 'string', requiresArg: true, describe, group }) as const
/** A switch. */
export const flag = (describe: string, group: string) => ({ type: 'boolean', describe, group }) as const

const CLUSTER = 'Cluster (as for kubectl):'
const UNUSED = 'Taken as kubectl takes them, and without effect here:'
const SHOWN = 'Output:'
const PLANNED = 'Plan:'
export const RUN = 'Run:'
const GROUP = 'Group:'
const FILES = 'Files:'

/** Where the cluster is and who asks: kubectl's own flags, taken by every verb that talks to a cluster. */
export const CONNECTION = {
  namespace: { ...text('namespace of the group', CLUSTER), alias: 'n' },
  context: text('context of the kubeconfig', CLUSTER),
  cluster: text('cluster of the kubeconfig', CLUSTER),
  user: text('user of the kubeconfig', CLUSTER),
  kubeconfig: text('path of the kubeconfig', CLUSTER),
  kuberc: text('path of the kuberc, which says which credential plugins may run; off: none', CLUSTER),
  server: { ...text('address of the API server', CLUSTER), alias: 's' },
  token: text('bearer token', CLUSTER),
  username: text('user name for basic authentication', CLUSTER),
  password: text('password for basic authentication', CLUSTER),
  as: text('user to impersonate', CLUSTER),
  'as-group': text('group to impersonate; may be repeated', CLUSTER),
  'as-uid': text('UID to impersonate', CLUSTER),
  'as-user-extra': text('key=value of the user to impersonate; may be repeated', CLUSTER),
  'certificate-authority': text('path of a CA certificate', CLUSTER),
  'client-certificate': text('path of a client certificate', CLUSTER),
  'client-key': text('path of a client key', CLUSTER),
  'insecure-skip-tls-verify': flag("do not check the server's certificate", CLUSTER),
  'tls-server-name': text("name the server's certificate must have", CLUSTER),
  'request-timeout': text('longest time for one request, e.g. 10s; 0: no limit', CLUSTER),
  'disable-compression': flag('ask for answers that are not compressed', CLUSTER),
  'warnings-as-errors': flag('exit with 1 where the server warned, although all went well', CLUSTER),
  v: {
    ...text('verbosity: 1 a plan in one line, 6 each request, 7 its headers, 8 the answers, 9 lines for curl', CLUSTER),
    alias: 'verbosity',
  },
} as const satisfies OptionTable

/** Where more is told; every verb takes it. */
export const LOGGING = {
  log: text('a file to which the plan and each request with its answer are added', SHOWN),
} as const satisfies OptionTable

/** Flags of kubectl that have no meaning here: taken, so that a command line can be shared with kubectl. */
const IGNORED = {
  'cache-dir': text('nothing is cached here', UNUSED),
  'log-flush-frequency': text('what is logged is written at once', UNUSED),
  'match-server-version': flag('any version of the server will do', UNUSED),
  profile: text('no profile is taken', UNUSED),
  'profile-output': text('no profile is taken', UNUSED),
  vmodule: text('-v holds for all', UNUSED),
} as const satisfies OptionTable

/** What every verb takes and `options` explains: where the cluster is, and what kubectl takes beside it. */
export const GLOBAL = { ...CONNECTION, ...LOGGING, ...IGNORED } as const satisfies OptionTable

/** How a group is found. */
export const GROUPING = {
  'group-label': text('group label (default app.kubernetes.io/part-of; env ROLLOUTS_GROUP_LABEL)', GROUP),
  selector: { ...text('an ad-hoc group: the Rollouts with these labels', GROUP), alias: 'l' },
  mode: text(
    'legacy: no request may meet two versions; modern: any ' +
      'order (default: annotation rollouts-group/mode, else legacy)',
    GROUP,
  ),
} as const satisfies OptionTable

/** Colours; every verb takes it. */
export const COLOUR = { color: text('auto|always|never; auto honours NO_COLOR', SHOWN) } as const satisfies OptionTable

/** `-o`, with the formats a verb has. */
export function outputOption(formats: readonly string[]): OptionTable {
  return { output: { ...text(formats.join(', '), SHOWN), alias: 'o' } }
}

/** What a plan is judged by that nobody carries out, too. */
export const JUDGED = {
  only: text('members to act on: a,b', PLANNED),
  assume: text('half-promoted|leak: which of the two it is, where nobody can tell', PLANNED),
  'trust-depends-on': flag('go on in the declared order where no address proves who calls whom', PLANNED),
  'settings-only': flag('what changes nothing but settings works beside either version', PLANNED),
} as const satisfies OptionTable

/** What only check takes. */
export const CHECKING = {
  ...JUDGED,
  'fail-on': text('error|warning: from which severity on it exits with 3 (default error)', SHOWN),
} as const satisfies OptionTable

/** What only wait takes. */
export const WAITING = {
  only: text('members to wait for: a,b', PLANNED),
  for: text('gate|promoted|healthy|aborted|matched: what to wait for', RUN),
  timeout: text('how long, e.g. 90s, 1h30m; 0: without end (default 10m)', RUN),
} as const satisfies OptionTable

/** What only forward takes. */
export const FORWARDING = {
  'live-port': text('first port of this machine for what users have (default 9000, or the next free one)', RUN),
  'next-port': text('first port of this machine for what waits (default 9050, or the next free one)', RUN),
  'service-port': text('port of the Services, by name or number (default: the first)', RUN),
} as const satisfies OptionTable

/** What version takes as kubectl's does. */
export const CLIENT = {
  client: flag('the version of the client: there is no other here', SHOWN),
} as const satisfies OptionTable

/** What only completion takes. */
export const INSTALLING = {
  dir: text('the directory of the PATH to link in (default: where the plugin is)', SHOWN),
} as const satisfies OptionTable

/** What is read by get-group alone. */
export const READING = {
  'all-namespaces': { ...flag('the groups of all namespaces', GROUP), alias: 'A' },
  watch: { ...flag('a live screen on a terminal; otherwise then each line that changes', SHOWN), alias: 'w' },
  'read-only': flag('a live screen on which nothing can be written', SHOWN),
  'watch-only': flag('only what changes from now on, not what is there', SHOWN),
  'no-headers': flag('leave the titles of the columns out', SHOWN),
  'label-columns': {
    ...text('labels to be shown in columns of their own: team,tier; may be repeated', SHOWN),
    alias: 'L',
  },
  'sort-by': text('order of a list of groups: a jsonpath of their document, e.g. .metadata.name', SHOWN),
  'ignore-not-found': flag('say nothing, and exit with 0, where there is no such group', GROUP),
  'chunk-size': text('objects in one answer; 0: all at once (default 2500; Services 10000)', GROUP),
} as const satisfies OptionTable

/** What every writing verb takes. */
export const RUNNING = {
  yes: { ...flag('do not ask', RUN), alias: 'y' },
  'dry-run': {
    type: 'string',
    describe: 'client: show the plan; server: have the server check it, too; nothing is stored (default client)',
    group: RUN,
  },
  plan: text('a plan saved with --dry-run -o json; refused if what it expects has changed', RUN),
  timeout: text('for the whole run, e.g. 90s, 1h30m; 0: none (default 10m)', RUN),
  'break-lock': flag('take the place of another run of this group', RUN),
  ...JUDGED,
  drain: text(
    'pods: wait until old pods are gone; endpoints: do not; or at most so long, e.g. 10s (default pods)',
    PLANNED,
  ),
} as const satisfies OptionTable

/** The files of a release. */
export const MANIFESTS = {
  filename: { ...text('a file, a directory, or - for standard input; may be repeated', FILES), alias: 'f' },
  kustomize: { ...text('a directory with a kustomization, for kubectl to render; may be repeated', FILES), alias: 'k' },
} as const satisfies OptionTable

/** What a filter of manifests takes. */
export const FILTERING = {
  'group-label': GROUPING['group-label'],
  selector: GROUPING.selector,
  local: flag('ask no cluster', GROUP),
} as const satisfies OptionTable

/** What only pin takes. */
export const PINNING = {
  wiring: text('as-is|preview|pinned: how consumers find what changes (default pinned)', PLANNED),
  release: text('what the release is called (default: its version)', PLANNED),
  keep: text('also the Services of so many earlier releases whose pods still run (default 0)', SHOWN),
  'trust-host': flag('although a certificate or a router may look at the old host', PLANNED),
} as const satisfies OptionTable

/** What only deploy-all takes. */
export const DEPLOYING = {
  yes: RUNNING.yes,
  'dry-run': RUNNING['dry-run'],
  plan: RUNNING.plan,
  timeout: RUNNING.timeout,
  'break-lock': RUNNING['break-lock'],
  'on-failure': text('stop|abort: what follows a failed step (default stop)', RUN),
  here: flag('also what Argo CD, Flux or Helm own', RUN),
  wiring: text(
    'as-is|preview|pinned: how consumers find what changes (default as-is if that is proved, else pinned)',
    PLANNED,
  ),
  release: text('what the release is called (default: its version)', PLANNED),
  'trust-host': flag('although a certificate or a router may look at the old host', PLANNED),
  include: text('Jobs and hooks to apply before the rest: a,b', PLANNED),
  'one-by-one': flag('each member once those that it calls stand at their gates', PLANNED),
  assume: JUDGED.assume,
  'trust-depends-on': JUDGED['trust-depends-on'],
  'settings-only': JUDGED['settings-only'],
  'allow-version-mismatch': flag('although the new versions differ', PLANNED),
  'allow-mixed-window': flag('although users meet two versions for a moment', PLANNED),
  'allow-small-preview': flag('although fewer pods wait than will be needed', PLANNED),
} as const satisfies OptionTable

/** What promotes or withdraws may be told to keep the layers of the graph. */
export const LAYERED = {
  'one-by-one': flag('members that call each other never in one wave, although fewer waves are proved', PLANNED),
} as const satisfies OptionTable

/** What only promote-all takes. */
export const PROMOTING = {
  'to-end': flag('gate after gate to the end', PLANNED),
  ...LAYERED,
  full: flag('skip every further gate and analysis', PLANNED),
  'on-failure': text('stop|abort|rollback: what follows a failed step (default stop)', RUN),
  'allow-version-mismatch': flag('although the new versions differ', PLANNED),
  'allow-mixed-window': flag('although users meet two versions for a moment', PLANNED),
  'allow-small-preview': flag('although fewer pods wait than will be needed', PLANNED),
} as const satisfies OptionTable

/** What only abort-all takes. */
export const ABORTING = {
  'to-stable': flag('put the stable pod template back instead of aborting', PLANNED),
  'undo-promoted': flag(
    'bring back first who was promoted already: at once while old pods run, else through the gates',
    PLANNED,
  ),
  ...LAYERED,
} as const satisfies OptionTable

/** What decides what a plan is, not only how it is carried out: saved with it. */
export const PLAN_FLAGS: readonly string[] = [
  'mode',
  ...Object.entries({ ...RUNNING, ...PROMOTING, ...ABORTING, ...DEPLOYING })
    .filter(([, { group }]) => group === PLANNED)
    .map(([name]) => name),
]
