/** A fault in the product, and the test that says what users would meet with it. */
export interface Mutant {
  /** The rule that it breaks, as the rest of `where …`. */
  readonly where: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
  /** File and title of the test that goes red. */
  readonly red: readonly [file: string, title: string]
}

const trace = (title: string) => ['test/domain/trace.test.ts', title] as const
const moments = (title: string) => ['test/domain/moments.test.ts', title] as const
const transitions = (title: string) => ['test/domain/transitions.test.ts', title] as const
const proof = (title: string) => ['test/domain/prove.test.ts', title] as const
const evidence = (title: string) => ['test/domain/evidence.test.ts', title] as const
const unknown = (title: string) => ['test/domain/unknown-calls.test.ts', title] as const
const plan = (title: string) => ['test/domain/plan.test.ts', title] as const
const deploy = (title: string) => ['test/domain/deploy.test.ts', title] as const
const back = (title: string) => ['test/domain/way-back.test.ts', title] as const
const roles = (title: string) => ['test/domain/roles.test.ts', title] as const
const run = (title: string) => ['test/domain/run.test.ts', title] as const
const steps = (title: string) => ['test/domain/steps.test.ts', title] as const
const versions = (title: string) => ['test/domain/versions.test.ts', title] as const
const releases = (title: string) => ['test/domain/releases.test.ts', title] as const
const rewiring = (title: string) => ['test/rewire/rewire.test.ts', title] as const
const doubts = (title: string) => ['test/rewire/doubts.test.ts', title] as const
const overLive = (title: string) => ['test/rewire/releases.test.ts', title] as const
const reading = (title: string) => ['test/domain/reading.test.ts', title] as const

/** What a request meets. */
const TRACE: readonly Mutant[] = [
  {
    where: 'it is forgotten who comes in where, when a state was judged before',
    file: 'src/domain/trace/violations.ts',
    from: ' && areSame(one.entries, other.entries)',
    to: '',
    red: trace('is of the same state another one for who comes in elsewhere, or takes other revisions for a release'),
  },
  {
    where: 'terminating pods are not counted by their ReplicaSet',
    file: 'src/domain/objects/replica-set.ts',
    from: ' + (terminatingOf(raw) ?? 0)',
    to: '',
    red: ['test/execute/drain.test.ts', 'waits until the last old pod is gone, as where they may'],
  },
  {
    where: 'old connections to draining pods are ignored',
    file: 'src/domain/trace/requests.ts',
    from: 'if (moment.present.has(id) && service === formerDoor(member, id)) ids.add(id)',
    to: 'ids.has(id)',
    red: trace('counts the old connections to pods that are on their way out'),
  },
  {
    where: 'an environment follows its role',
    file: 'src/domain/trace/requests.ts',
    from: "(wire.role!.by === 'field' && role === 'live')",
    to: 'false',
    red: trace('takes an environment that follows a role for what it was when the pod started'),
  },
  {
    where: 'a Service is empty if any member behind it gives no pod',
    file: 'src/domain/trace/requests.ts',
    from: 'return owners.every((name) => {',
    to: 'return owners.some((name) => {',
    red: trace('takes a Service for empty only if no member behind it gives a pod'),
  },
  {
    where: 'only one branch of a request is followed',
    file: 'src/domain/trace/mixing.ts',
    from: 'found |= 1 << (one | other)',
    to: 'found |= 1 << other',
    red: trace('finds a request of two branches that meets a release on each'),
  },
  {
    where: 'what is brought back under a fresh name is taken for what comes',
    file: 'src/domain/trace/releases.ts',
    from: ' || broughtBack(next!) !== undefined',
    to: '',
    red: ['test/cli/bring-back.test.ts', 'is brought back through its gates by abort-all --undo-promoted: blue/green'],
  },
  {
    where: 'nobody minds that who calls what waits was not deployed yet',
    file: 'src/domain/trace/releases.ts',
    from: 'const labelled = callersByLabel(group.members, either)',
    to: 'const labelled: ReturnType<typeof callersByLabel> = new Map()',
    red: releases(
      'was not deployed yet where it lacks the label of its release: whoever calls what changes changes, too',
    ),
  },
  {
    where: 'what goes back is taken for what comes',
    file: 'src/domain/trace/releases.ts',
    from: 'isNewer(live, next) || broughtBack',
    to: 'isNewer(next, next) || broughtBack',
    red: [
      'test/domain/going-back.test.ts',
      'is not withdrawn together with what its users reach, nor promoted together with it',
    ],
  },
  {
    where: 'a member at rest belongs to no release',
    file: 'src/domain/trace/releases.ts',
    from: "return versioned === 'either' ? (resting.get(member.name) ?? 'either') : versioned",
    to: "return 'either'",
    red: trace('finds a request that meets both releases, and the way on which it does'),
  },
  {
    where: 'nobody looks at the Service that users come in by',
    file: 'src/domain/trace/violations.ts',
    from: '...scene.entries.flatMap((name) => emptyAtTheDoor(scene, memberOf(scene.group, name))),',
    to: '',
    red: trace('finds users in front of a Service without a pod'),
  },
  {
    where: 'a canary without a router is entered by its stable Service alone',
    file: 'src/domain/trace/doors.ts',
    from: 'return plain.length > 0 ? plain.map((each) => each.name) : named.slice(0, 1)',
    to: 'return named.slice(0, 1)',
    red: ['test/domain/trace.test.ts', 'through the Service of all its pods where a canary has no router'],
  },
  {
    where: 'users are where the status says, not where the Service leads',
    file: 'src/domain/trace/moments.ts',
    from: 'const switched = active.length > 0 ? active : live',
    to: 'const switched = live',
    red: moments('that was switched over has users where its active Service is, before its status says so'),
  },
  {
    where: 'old revisions are never scaled down',
    file: 'src/domain/trace/moments.ts',
    from: "if (role === 'old') due.add(id)",
    to: "if (role === 'old') due.has(id)",
    red: transitions('ends an aborted blue/green with an empty preview Service'),
  },
  {
    where: 'aborted pods stay',
    file: 'src/domain/trace/moments.ts',
    from: ', ...aborted]',
    to: ']',
    red: moments('that was aborted loses its preview pods'),
  },
]

/** What belongs together. */
const RELEASES: readonly Mutant[] = [
  {
    where: 'a source that fell counts for who was forgotten',
    file: 'src/domain/group/naming.ts',
    from: 'const common = everybody ?? (hadIt.includes(member) ? some : undefined)',
    to: 'const common = undefined',
    red: versions('is given up for who was forgotten, too: it must still compare with the others'),
  },
  {
    where: 'a tag that is moved on is a version',
    file: 'src/domain/objects/image.ts',
    from: "new Set(['', 'latest', 'main', 'master', 'dev', 'stable'])",
    to: "new Set(['', 'latest'])",
    red: versions('such as stable'),
  },
  {
    where: 'an image that is not pinned is taken for the same',
    file: 'src/domain/objects/image.ts',
    from: ': one.tag !== undefined && one.tag === other.tag',
    to: ': one.tag === other.tag',
    red: releases('not where the tag may be another image by now'),
  },
  {
    where: 'two protocols are taken for one',
    file: 'src/domain/trace/releases.ts',
    from: 'others.length === 1 && ',
    to: '',
    red: releases('not where two members change more: they may have to agree on it'),
  },
  {
    where: 'an address to another member is its own affair',
    file: 'src/domain/group/settings-change.ts',
    from: "['the address of', ...to, ...rest]",
    to: "['the address of', ...rest]",
    red: releases('not where the address leads to another member'),
  },
  {
    where: 'versions that differ match',
    file: 'src/domain/run/wait-goals.ts',
    from: "...checks.filter((each) => each.code === 'versions-differ').map((each) => each.sentence),",
    to: '',
    red: releases('are not matched'),
  },
  {
    where: 'a version is read from the template, whatever the pods run',
    file: 'src/domain/group/running-pods.ts',
    from: '...(agree && { template: first })',
    to: '',
    red: releases('is called what its pods run'),
  },
  {
    where: 'a goal that is reached ends well, whatever users meet',
    file: 'src/cli/commands/wait.ts',
    from: "rowOf(code).already === true && severity !== 'info'",
    to: 'false',
    red: ['test/cli/wait.test.ts', 'says that it is so, and what users meet all the same (3)'],
  },
]

/** What a row of the tables of actions and goals says. */
const ACTIONS: readonly Mutant[] = [
  {
    where: 'a promote does not mind another pause',
    file: 'src/domain/actions/promote.ts',
    from: "[...notHalted(expect), test('/status/pauseConditions', expect.pauses)]",
    to: '[...notHalted(expect)]',
    red: steps('promotes only the revision, the gate and the spec that were seen'),
  },
  {
    where: 'a promote is sent before its gate is whole',
    file: 'src/domain/actions/promote.ts',
    from: 'passesGate: true',
    to: 'passesGate: false',
    red: steps('waits where a preview pod was lost: the promote would be lost too'),
  },
  {
    where: 'a promote does not mind an abort',
    file: 'src/domain/actions/promote.ts',
    from: "if (status.abort !== (expect.abort === true)) return `${name} was ${status.abort ? 'aborted' : 'retried'} since`",
    to: '',
    red: steps('is refused where it was aborted'),
  },
  {
    where: 'dependencies are switched over first',
    file: 'src/domain/actions/promote.ts',
    from: "order: ORDER['switch-over']",
    to: "order: ORDER['scale-up']",
    red: plan(
      'switches users over consumers first, and waits for the old frontend to be gone before the backend moves',
    ),
  },
  {
    where: 'consumers are scaled up first',
    file: 'src/domain/actions/advance.ts',
    from: "order: ORDER['scale-up']",
    to: "order: ORDER['switch-over']",
    red: plan('advances canaries dependencies first'),
  },
  {
    where: 'a canary is taken to have users at weight 0',
    file: 'src/domain/actions/advance.ts',
    from: 'pods && isReached(group, member, strategy, gate) ? [next.id] : []',
    to: 'pods ? [next.id] : []',
    red: transitions('at a gate that has pods, and no weight: no users come yet'),
  },
  {
    where: 'a promote in full leaves the stable Service its pods',
    file: 'src/domain/actions/promote-full.ts',
    from: 'completeCanary(setting, strategy, true)',
    to: 'completeCanary(setting, strategy, false)',
    red: transitions('at a promote in full of a canary: all old pods may go first, whatever it says'),
  },
  {
    where: 'an abort does not mind where users are',
    file: 'src/domain/actions/abort.ts',
    from: 'restsOn: notSwitchedOver',
    to: 'restsOn: () => []',
    red: steps('aborts only where users are still on the stable revision, and nobody has skipped the gate'),
  },
  {
    where: 'an abort of a blue/green moves the preview Service, too',
    file: 'src/domain/actions/abort.ts',
    from: 'toOld(setting) : withdrawn(setting)',
    to: 'withdrawn(setting) : withdrawn(setting)',
    red: transitions('at an abort of a blue/green: the preview Service stays on the pods that go'),
  },
  {
    where: 'an abort is told as a promotion',
    file: 'src/domain/actions/abort.ts',
    from: "event: 'GroupAborted'",
    to: "event: 'GroupPromoted'",
    red: ['test/execute/audit.test.ts', 'tells an abort apart from a promotion'],
  },
  {
    where: 'a pause by hand holds no abort up',
    file: 'src/domain/actions/abort.ts',
    from: "'an abort would not take its pods away'",
    to: 'undefined',
    red: plan('is refused where a member is paused by hand and would stay where it is'),
  },
  {
    where: 'the stable template is put into the Rollout, whatever it refers to',
    file: 'src/domain/actions/restore-stable.ts',
    from: 'if (workloadRef === undefined)',
    to: 'if (true || workloadRef === undefined)',
    red: steps(
      'puts the template back into the Deployment a workloadRef names: in the Rollout it would scale the live pods to 0',
    ),
  },
  {
    where: 'a workload that nobody has seen is overwritten',
    file: 'src/domain/actions/restore-stable.ts',
    from: 'expect.workloadGeneration === null',
    to: 'false',
    red: steps('puts no template into a Deployment of which nobody knows whether the controller has seen it'),
  },
  {
    where: 'a write does not mind another revision',
    file: 'src/domain/actions/patch.ts',
    from: "    test('/status/currentPodHash', expect.currentPodHash),\n",
    to: '',
    red: steps('promotes only the revision, the gate and the spec that were seen'),
  },
  {
    where: 'users whom the cutover leaves behind are forgotten',
    file: 'src/domain/actions/transition.ts',
    from: '    carrying: new Set([...from.carrying, live.id, next.id]),\n    held: new Set([...from.held, live.id]),',
    to: '    carrying: new Set([next.id]),\n    held: from.held,',
    red: transitions(
      'at a promote of a blue/green: the active Service moves, users of the old pods hold their connections',
    ),
  },
  {
    where: 'a promotion is over before its endpoints are ready',
    file: 'src/domain/actions/progress.ts',
    from: 'if (own < wanted) return',
    to: 'if (own < 0) return',
    red: steps('not while an endpoint is missing'),
  },
  {
    where: 'an abort is over once it was asked for',
    file: 'src/domain/actions/goal-aborted.ts',
    from: '!status.abort || status.abortedAt === undefined',
    to: '!status.abort',
    red: plan('does not take an abort for done that the controller has not carried out'),
  },
  {
    where: 'a gate that was reached must be stood at for ever',
    file: 'src/domain/actions/goal-gate.ts',
    from: '(status.stepIndex ?? 0) >= stepIndex',
    to: '(status.stepIndex ?? 0) > stepIndex',
    red: run('holds while a canary stands at the gate it was led to, or further'),
  },
  {
    where: 'the stable template is in place once it is current',
    file: 'src/domain/actions/goal-stable.ts',
    from: "if (status.stableRS !== hash) return waiting('waiting for the stable revision to be stable again')",
    to: '',
    red: ['test/domain/progress.test.ts', 'is not over before the stable revision is stable again'],
  },
]

/** How a plan is made and proved. */
const PLAN: readonly Mutant[] = [
  {
    where: 'all waves are one, whatever the proof finds',
    file: 'src/domain/plan/merged.ts',
    from: 'const trouble = broken[0] ?? doubted[0]',
    to: 'if (broken) return undefined; const trouble = broken[0] ?? doubted[0]',
    red: plan('keeps a layer apart in which users come in, too'),
  },
  {
    where: 'no wave is ever one with the next',
    file: 'src/domain/plan/merged.ts',
    from: 'knownIn(scene).size > 0)',
    to: 'true)',
    red: plan('takes two waves whatever the depth: the entries, and everything else once their old pods are gone'),
  },
  {
    where: 'waves are one though only a word says who calls whom',
    file: 'src/domain/plan/merged.ts',
    from: 'return !wired || revisions.some(says)',
    to: 'return false',
    red: plan('keeps the layers where only a word says who calls whom'),
  },
  {
    where: 'the steps of a wave are sent at once',
    file: 'src/execute/execute-plan.ts',
    from: "plan.mode === 'legacy' ? inTurn(ready.length) : []",
    to: '[]',
    red: [
      'test/execute/looked-at-again.test.ts',
      'holds an abort back where somebody has switched users over since, which would take their pods away',
    ],
  },
  {
    where: 'a guessed call that parts a request is nobody to blame for it',
    file: 'src/domain/trace/guessed.ts',
    from: 'may.has(each) && !sure.has(each)',
    to: 'false',
    red: proof('counts a call that it may make beside one that it makes for certain: the two move in two steps'),
  },
  {
    where: 'nobody waits for pods that users have left',
    file: 'src/domain/plan/prove.ts',
    from: 'waited.flatMap((each) => lingeringOn(each, held)).filter((id) => !drained.has(id))',
    to: '[]',
    red: proof('waits for the old consumers before their dependency moves'),
  },
  {
    where: 'a wave is judged by its end alone',
    file: 'src/domain/plan/prove.ts',
    from: 'all: [...from, ...passing, ...resting]',
    to: 'all: resting',
    red: proof('breaks where the stable Service of a canary goes empty under users'),
  },
  {
    where: 'what was bad before is a fault of the wave',
    file: 'src/domain/plan/prove.ts',
    from: 'if (!already.has(violationKey(violation)))',
    to: '',
    red: proof('has no fault of a wave in what was so before it'),
  },
  {
    where: 'calls that are not known are none',
    file: 'src/domain/group/unknown-calls.ts',
    from: '...(bound === undefined ? [] : servicesOf(group, revision.member, new Set(bound))),',
    to: '',
    red: proof('is none with both in one wave: the live one may call the other, which moves under it'),
  },
  {
    where: 'what may be called is bound by what was so, whoever comes to it',
    file: 'src/domain/plan/guesses.ts',
    from: 'bindings.get(root.id) ?? every',
    to: 'bindings.get(root.id) ?? within',
    red: proof('is none where users come to them: they may call what is live'),
  },
  {
    where: 'what may be called counts though it was so before',
    file: 'src/domain/plan/guesses.ts',
    from: 'to.has(from.id) ? within(from) : every(from)',
    to: 'every(from)',
    red: proof('does not count what was so before: a live one may call the preview Service already'),
  },
  {
    where: 'a doubtful call is none',
    file: 'src/domain/plan/doubts.ts',
    from: 'prove(from, waves, true)',
    to: 'prove(from, waves)',
    red: unknown('is asked about where the plan is safe only without it, with the one command that declares it'),
  },
  {
    where: 'an old revision is bound by what is denied today',
    file: 'src/domain/group/declared.ts',
    from: '(newest ? rollout.annotations : set.annotations).get(key)',
    to: 'rollout.annotations.get(key)',
    red: evidence('on the Rollout denies nothing of the revision before it'),
  },
  {
    where: 'a ConfigMap that was changed tells what running pods call',
    file: 'src/domain/group/read-member.ts',
    from: 'wires: wires.filter((each) => !isBelieved(each)),',
    to: 'wires,',
    red: unknown('proves no mix: users may meet one version'),
  },
  {
    where: 'canaries do not wait for each other',
    file: 'src/domain/checks/gates-ahead.ts',
    from: '!atLastGate(each) && gateNumber(each) === lowest',
    to: '!atLastGate(each)',
    red: plan('holds a canary at its gate until the others have come as far'),
  },
  {
    where: 'nobody looks ahead to the cutover',
    file: 'src/domain/plan/forward.ts',
    from: 'now.cutover || isModern',
    to: 'true',
    red: plan('does not set out for a gate from which the cutover is refused'),
  },
  {
    where: 'nobody says when there is no way back any more',
    file: 'src/domain/plan/forward.ts',
    from: 'if (joined(context, done)) return index + 1',
    to: '',
    red: plan(
      'switches users over consumers first, and waits for the old frontend to be gone before the backend moves',
    ),
  },
  {
    where: 'the order is turned round',
    file: 'src/domain/actions/order.ts',
    from: "direction === 'consumers-first' ? layers : layers.reverse()",
    to: "direction === 'consumers-first' ? layers.reverse() : layers",
    red: plan('costs one drain for a chain, not one per tier'),
  },
  {
    where: 'nothing is proved',
    file: 'src/domain/plan/make-plan.ts',
    from: 'const unsafe = surely(scene, waves, proof, checks)',
    to: 'const unsafe = surely(scene, waves, proof, checks).slice(0, 0)',
    red: plan('does not set out for a gate from which the cutover is refused'),
  },
]

/** The way back. */
const WAY_BACK: readonly Mutant[] = [
  {
    where: 'an abort is tried though the stable template is asked for',
    file: 'src/domain/plan/way-back.ts',
    from: "if (context.options.toStable === true) return ['restore-stable']",
    to: '',
    red: back('puts the stable template back where it is asked to'),
  },
  {
    where: 'an abort is tried though the controller would ignore it',
    file: 'src/domain/plan/way-back.ts',
    from: 'status.promoteFull || status.scaleUp',
    to: 'status.scaleUp',
    red: back('puts the stable template back where the controller would ignore an abort'),
  },
  {
    where: 'an abort leaves a check point behind',
    file: 'src/domain/plan/way-back.ts',
    from: 'status.scaleUpPreviewCheckPoint || usedByLive',
    to: 'usedByLive',
    red: back('puts the stable template back where the next revision would skip its gate'),
  },
  {
    where: 'pods that are leaving keep the preview Service',
    file: 'src/domain/plan/way-back.ts',
    from: 'moments.map((each) => without(each, each.held))',
    to: 'moments',
    red: back('aborts under consumers that are leaving: they are waited for'),
  },
  {
    where: 'draining pods are counted by the cure',
    file: 'src/domain/plan/way-out.ts',
    from: 'last(moments).map(',
    to: 'moments.map(',
    red: back('mends what users meet, though it goes on until the last pods are gone'),
  },
  {
    where: 'what is withdrawn is counted by the cure, though its pods go',
    file: 'src/domain/plan/way-out.ts',
    from: 'last(moments).map(',
    to: 'moments.map(',
    red: ['test/view/verdict.test.ts', 'names withdrawing where a plain Service leads users to what waits'],
  },
  {
    where: 'a plan that waits for pods that are not ready is a cure',
    file: 'src/domain/plan/way-out.ts',
    from: 'each.ready.difference(unready)',
    to: 'each.ready',
    red: ['test/domain/remedies.test.ts', 'is to bring users back where what they were promoted to has no ready pod'],
  },
]

/** What is read of the cluster, and what a run decides on its way. */
const READING: readonly Mutant[] = [
  {
    where: 'a superseded revision is taken to have had users',
    file: 'src/domain/group/roles.ts',
    from: 'set.revision < stableRevision && set.pods > 0',
    to: 'set.pods > 0',
    red: roles('is history where it is newer than the stable one: it was superseded at its gate, and never had users'),
  },
  {
    where: 'a status counts before its revision is numbered',
    file: 'src/domain/group/roles.ts',
    from: "if (revision !== current.revision) return 'waiting for the new revision to be numbered'",
    to: '',
    red: roles('does not count before the revision is numbered'),
  },
  {
    where: 'a status counts though a Service points elsewhere',
    file: 'src/domain/group/roles.ts',
    from: 'return apart === undefined ? undefined :',
    to: 'return apart !== undefined ? undefined :',
    red: roles('does not count while the active Service is elsewhere'),
  },
  {
    where: 'versions of different sources compare',
    file: 'src/domain/group/version.ts',
    from: 'one.source === other.source && ',
    to: '',
    red: versions('compares only within one source, and never by revision number'),
  },
  {
    where: 'a gate is whole before all its pods are',
    file: 'src/domain/group/gate.ts',
    from: 'next.available < wanted',
    to: 'next.available < 1',
    red: reading('is at a gate short where a pod was lost'),
  },
  {
    where: 'a Rollout that was made anew is what was confirmed',
    file: 'src/domain/run/confirmed.ts',
    from: 'found.get(name) !== uid',
    to: 'false',
    red: run('is not what was confirmed'),
  },
  {
    where: 'a Rollout that was made anew is what a step was decided on',
    file: 'src/domain/actions/precondition.ts',
    from: 'member.uid !== step.expect.uid',
    to: 'false',
    red: run('is not what a step was decided on'),
  },
  {
    where: 'a Rollout that was made anew is what a plan was saved for',
    file: 'src/domain/run/approved-plan.ts',
    from: 'found.uid === expect.uid',
    to: 'true',
    red: run('is not what a plan was saved for'),
  },
  {
    where: 'a member that joins is one of those that were confirmed',
    file: 'src/domain/run/confirmed.ts',
    from: 'return added === undefined ? undefined :',
    to: 'return added !== undefined ? undefined :',
    red: run('holds no more where one has joined'),
  },
]

/** What was aborted, restarted or paused. */
const TRIED_AGAIN: readonly Mutant[] = [
  {
    where: 'a retry may skip its gate',
    file: 'src/domain/checks/skips-its-gate.ts',
    from: 'return why === undefined',
    to: "return why !== 'never'",
    red: ['test/domain/tried-again.test.ts', 'would skip its gate where its promote had begun'],
  },
  {
    where: 'a retried canary has no users',
    file: 'src/domain/actions/retry.ts',
    from: 'return { passing: [{ ...rest, selects: from.selects }, ...passing], rest }',
    to: 'return { passing, rest: from }',
    red: ['test/domain/tried-again.test.ts', 'would come to users at once who meet another version there'],
  },
  {
    where: 'what was retried may still go',
    file: 'src/domain/trace/moments.ts',
    from: 'moment.retried !== true &&',
    to: 'moment !== undefined &&',
    red: [
      'test/domain/tried-again.test.ts',
      'is named as the cure where a promoted consumer finds nobody behind its preview Service',
    ],
  },
  {
    where: 'a restart keeps every pod',
    file: 'src/domain/actions/restart.ts',
    from: 'ready: from.ready.difference(emptied)',
    to: 'ready: from.ready.union(emptied)',
    red: ['test/execute/tried-again.test.ts', 'refuses a member whose only pod users would miss'],
  },
  {
    where: 'the end of a pause moves nothing',
    file: 'src/domain/actions/resume.ts',
    from: '    : { passing: [empty], rest: there }',
    to: '    : { passing: [], rest: from }',
    red: [
      'test/domain/tried-again.test.ts',
      'is refused to end where what was deployed meanwhile would take a Service of users away',
    ],
  },
  {
    where: 'a pause knows no point from which nobody can be sent back',
    file: 'src/domain/checks/held-by-pause.ts',
    from: 'const passing = todo.filter((each) => isPassing(context, each))',
    to: 'const passing = todo.filter((each) => isPassing(context, each) && each.paused)',
    red: [
      'test/domain/tried-again.test.ts',
      'is refused between the last gate and the end, where nobody could be sent back',
    ],
  },
  {
    where: 'a restart needs no ConfigMap',
    file: 'src/domain/checks/unsure.ts',
    from: "if (deed === 'restarts') return changed === undefined && acting.includes(member) && pods > 0 ? 'error' : 'warning'",
    to: "if (deed === 'restarts') return 'warning'",
    red: ['test/domain/tried-again.test.ts', 'takes no pod whose ConfigMap is gone: none would start again'],
  },
  {
    where: 'nobody is left on the pods that an undo leaves',
    file: 'src/domain/actions/undo.ts',
    from: 'held: new Set([...from.held.difference(new Set([back.id])), live.id]),',
    to: 'held: from.held.difference(new Set([back.id])),',
    red: [
      'test/execute/abort.test.ts',
      'with undoPromoted brings the promoted frontend back, drains its new pods, and then withdraws the backend',
    ],
  },
  {
    where: 'old pods that are about to go are gone back to',
    file: 'src/domain/plan/promoted.ts',
    from: 'left(each) > LEAST_LEFT',
    to: 'left(each) > 0',
    red: back('is closed where the old pods of the promoted consumer are about to go'),
  },
  {
    where: 'what is half settled is taken for a release of what is left',
    file: 'src/domain/release/settle.ts',
    from: 'left.has(baseOf(live))',
    to: 'false && left.has(baseOf(live))',
    red: ['test/cli/half-settled.test.ts', 'is settled to its end by the same command: after mid'],
  },
  {
    where: 'whom nobody calls any more was forgotten',
    file: 'src/domain/checks/release.ts',
    from: 'if (!isCalled && !calls) return []',
    to: '',
    red: releases('is dropped where nobody of them calls it any more'),
  },
  {
    where: 'members that call each other on preview Services are brought back one under the other',
    file: 'src/domain/plan/promoted.ts',
    from: 'to !== undefined && leadsToNext({ wire, to })',
    to: 'false && to !== undefined',
    red: ['test/domain/struck-back.test.ts', 'are not brought back: one of them would strike the users of another'],
  },
  {
    where: 'users leave an entry as soon as somebody new is to call it',
    file: 'src/domain/group/newcomers.ts',
    from: 'only.revision <= 1 && isOfIt(only)',
    to: 'false && isOfIt(only)',
    red: ['test/domain/newcomers.test.ts', 'is where users come in still, as the version says'],
  },
  {
    where: 'a run that goes on looks at nothing of what was promoted before',
    file: 'src/execute/bake.ts',
    from: 'Number.isNaN(each) ? clock.now() : each',
    to: '0',
    red: [
      'test/execute/bake.test.ts',
      'that was cut short goes on for the rest of its time, with the run that goes on',
    ],
  },
  {
    where: 'a bake looks at nothing by itself',
    file: 'src/execute/bake.ts',
    from: "if (name === 'Degraded')",
    to: "if (name === 'Unknown')",
    red: ['test/execute/bake.test.ts', 'looks at what is Degraded by itself'],
  },
  {
    where: 'a rollback leaves users where they are',
    file: 'src/execute/withdraw.ts',
    from: "const undoPromoted = forward.onFailure === 'rollback'",
    to: 'const undoPromoted = false',
    red: ['test/execute/bake.test.ts', 'with on-failure=rollback brings users back, and withdraws the rest'],
  },
  {
    where: 'a release comes back under the name that it had',
    file: 'src/domain/release/undo.ts',
    from: 'if (!taken.has(`${base}-u${number}`)) return `${base}-u${number}`',
    to: 'return `${base}-u${number}`',
    red: ['test/domain/undoing.test.ts', 'has another name where that one is taken'],
  },
  {
    where: 'an undo that is over goes forth again',
    file: 'src/domain/release/undo.ts',
    from: 'wanted === undefined && there.origin !== there.name)',
    to: 'wanted === there.name)',
    red: [
      'test/domain/undoing.test.ts',
      'is there already where users were brought back: the same command made again does not go forth',
    ],
  },
  {
    where: 'a release without a version is one of each member alone',
    file: 'src/domain/group/together.ts',
    from: 'set.every((one) => one.member !== each.member)',
    to: 'set.length === 0',
    red: [
      'test/domain/past-releases.test.ts',
      'hold together what came to users one after the other, and what they had before',
    ],
  },
  {
    where: 'what waits is promoted by an undo that has nothing to do',
    file: 'src/cli/release/run-undo.ts',
    from: "if (undo.state !== 'found') return noWayBack(releasing, looked)\n  releasing",
    to: "if (undo.state !== 'found') return noWayBack(releasing, looked) ?? promoteToEnd(releasing)\n  releasing",
    red: ['test/cli/undo.test.ts', 'has nothing to do where users are back and the rest was withdrawn'],
  },
  {
    where: 'a release is gone back to that nobody may have had',
    file: 'src/domain/release/undo.ts',
    from: "return release.state === 'past' ||",
    to: "return release.state !== 'live' ||",
    red: ['test/domain/undoing.test.ts', 'is none that nothing tells users of, unless it is named'],
  },
  {
    where: 'a release is told apart by its version alone',
    file: 'src/domain/group/together.ts',
    from: 'labelOf(each) ?? (later',
    to: '(later',
    red: ['test/domain/past-releases.test.ts', 'are told apart by their label, whatever their version'],
  },
]

/** What pin writes into manifests. */
const REWIRING: readonly Mutant[] = [
  {
    where: 'a word beside an address is taken for one, too',
    file: 'src/domain/evidence/hosts.ts',
    from: 'const strongest = dialled.length > 0 ? dialled : same',
    to: 'const strongest = same',
    red: rewiring('gets another host, and keeps a word beside it'),
  },
  {
    where: 'a value of which nobody is sure is changed',
    file: 'src/domain/rewire/certain.ts',
    from: "if (strength !== 'doubtful') return strength === 'sure'",
    to: "if (strength !== 'named') return true",
    red: doubts('stays as it is, pinned: S3_BUCKET=api'),
  },
  {
    where: 'an address of which nobody is sure is taken for a name',
    file: 'src/domain/rewire/doubts.ts',
    from: 'beside && isWord(each, given, reading)',
    to: 'beside',
    red: doubts('is refused beside an address, too: the name of a service'),
  },
  {
    where: 'what could not be changed is let pass',
    file: 'src/domain/rewire/refusals.ts',
    from: 'return isOwn || target.service === each.service ?',
    to: 'return isOwn || target.service !== undefined ?',
    red: rewiring('for an ExternalName is refused with its place, and nothing is changed'),
  },
  {
    where: 'a Service of a release is a load balancer, as the one that it is made of',
    file: 'src/domain/rewire/copied.ts',
    from: "  'type',\n",
    to: '',
    red: rewiring(
      'has the ports of the live one with all they carry, its selector with the label, and nothing of its place',
    ),
  },
  {
    where: 'the name of a release is taken though another template carries it',
    file: 'src/domain/rewire/release-id.ts',
    from: "all.has(member) ? current && isAsCurrent(member, working, reading, around) : role === 'live',",
    to: "all.has(member) || role === 'live',",
    red: overLive('is another where another pod template carries it: it would lead users there before its gate'),
  },
  {
    where: 'who calls what changes is not pinned anew',
    file: 'src/domain/rewire/changing.ts',
    from: "for (const name of wiring === 'pinned' ? all : own)",
    to: 'for (const name of own)',
    red: overLive('changes everything above a leaf, and says that this is the price'),
  },
  {
    where: 'who does not change is led to what waits',
    file: 'src/domain/rewire/targets.ts',
    from: 'return scheme.changing.has(consumer) ? scheme : { ...scheme, changing: new Set() }',
    to: 'return consumer === undefined ? { ...scheme, changing: new Set() } : scheme',
    red: overLive('in the preview wiring changes direct consumers alone'),
  },
  {
    where: 'what waits gets another name in the middle of its release',
    file: 'src/domain/rewire/rewire.ts',
    from: '= begun ?? {',
    to: '= {',
    red: overLive('stays that of what waits, where who changes for the sake of others waits, too'),
  },
  {
    where: 'who was pointed back is led where its manifest says',
    file: 'src/domain/rewire/targets.ts',
    from: 'callsLive(consumer, to, live, around) ? live! : base',
    to: 'base',
    red: overLive('stays there where its manifest names another Service of what it calls'),
  },
  {
    where: 'a Service by hand is left once its version is live',
    file: 'src/domain/rewire/targets.ts',
    from: 'others.length > 0 && !others.some(isSelected)',
    to: 'others.length < 0',
    red: overLive('stays the one that is called, before and after its version is what users have'),
  },
  {
    where: 'the name of a release says nothing of who came to users with it',
    file: 'src/domain/trace/releases.ts',
    from: "return was === waits ? 'new' : 'old'",
    to: "return was === waits ? undefined : 'old'",
    red: ['test/domain/plan.test.ts', 'not where labels of releases say whether the release is half done or leaks'],
  },
  {
    where: 'members whose image may have moved are settled together',
    file: 'src/domain/release/settle.ts',
    from: 'consumed.has(name) && !isOneImage(',
    to: 'consumed.has(name) && !!isOneImage(',
    red: [
      'test/domain/settle.test.ts',
      'settles one after the other whose image is of a tag that moves: both at once would be refused',
    ],
  },
  {
    where: 'the label of another group in files counts for none',
    file: 'src/domain/group/membership.ts',
    from: 'lacking.other === undefined && there.has',
    to: 'there.has',
    red: ['test/domain/fit.test.ts', 'are refused with the label of another group, whoever is there'],
  },
  {
    where: 'nobody looks whether an apply takes the label away',
    file: 'src/domain/deploy/strangers.ts',
    from: 'if (lost === undefined || ',
    to: 'if (true || lost === undefined || ',
    red: [
      'test/sweeps/bad-input.test.ts',
      'with a Rollout that would lose the label: is refused in a sentence, and nothing was sent',
    ],
  },
  {
    where: 'a release that is refused settles first',
    file: 'src/cli/release/run-release.ts',
    from: '.every(isCuredBySettling)',
    to: '.every(() => true)',
    red: ['test/cli/release-settled.test.ts', 'that is refused all the same has settled nothing'],
  },
]

/** What a deploy makes of a group. */
const DEPLOY: readonly Mutant[] = [
  {
    where: 'a live Service that nothing points is taken for pointed',
    file: 'src/domain/deploy/findings.ts',
    from: 'service === undefined || service.hash !== undefined',
    to: 'true',
    red: deploy('a live Service that nothing points: its next revision would be taken for the first'),
  },
  {
    where: 'a preview Service leads to pods at once',
    file: 'src/domain/actions/deploy.ts',
    from: 'return { passing: [empty], rest: gateReplicas',
    to: 'return { passing: [], rest: gateReplicas',
    red: deploy('points the preview Service of a blue/green at it before it has a pod'),
  },
  {
    where: 'canaries are deployed all at once',
    file: 'src/domain/plan/deployment.ts',
    from: 'coming.filter((each) => !meetsUsers(each))',
    to: 'coming',
    red: deploy('deploys a canary once the canaries that it calls are at their gates: users come to it at once'),
  },
  {
    where: 'an earlier revision is taken to stop at its gate',
    file: 'src/domain/deploy/findings.ts',
    from: 'earlier.deadline !== undefined && earlier.pods > 0',
    to: 'false',
    red: deploy('an earlier revision whose old pods still run'),
  },
  {
    where: 'a server-side apply takes the selector as the file has it',
    file: 'src/cluster/apply.ts',
    from: 'pointedAsLive(unscaled, live)',
    to: 'unscaled',
    red: ['test/cluster/apply.test.ts', 'that a controller points keeps its hash, server-side'],
  },
  {
    where: 'a read by fetch takes its credentials along to where it is led',
    file: 'src/cluster/fetched.ts',
    from: "redirect: 'manual'",
    to: "redirect: 'follow'",
    red: ['test/cluster/fetched.test.ts', 'follow no redirection, which would take the credentials along'],
  },
  {
    where: 'a read by fetch that is cut off is followed by others',
    file: 'src/cluster/fetched.ts',
    from: 'if (isFailure && !request.signal.aborted) failed = true',
    to: 'void isFailure',
    red: ['test/cluster/fetched.test.ts', 'go the other way once an answer has ended before its end, which is told'],
  },
  {
    where: 'several groups that somebody acts for are sent as one',
    file: 'src/cluster/fetched.ts',
    from: "&& Object.values(headers).every((value) => typeof value === 'string')",
    to: '&& headers !== undefined',
    red: [
      'test/cluster/fetched.test.ts',
      'go the other way where a header has several values, which fetch would make one',
    ],
  },
  {
    where: 'what was applied and not seen yet is taken for at rest',
    file: 'src/domain/deploy/overlaid.ts',
    from: '!isUnseen(parsed) &&',
    to: '',
    red: deploy('is a new revision all the same while the controller has not seen it'),
  },
  {
    where: 'the Services of a live release are given away',
    file: 'src/domain/deploy/owners.ts',
    from: "each.role !== 'old' || each.pods > 0",
    to: 'false',
    red: [
      'test/execute/deploy.test.ts',
      'hands the Services of a release that is over to the ReplicaSet with which they go',
    ],
  },
  {
    where: 'pods of a release that another has replaced at its gates count as such as users have left',
    file: 'src/domain/release/withdrawn.ts',
    from: "each.role === 'old' && each.pods > 0",
    to: 'false',
    red: [
      'test/execute/deploy.test.ts',
      'promotes a release that has replaced another at its gates, whose pods run on',
    ],
  },
  {
    where: 'a quota need not have room for the new pods',
    file: 'src/domain/deploy/quota.ts',
    from: 'used - sum(leaving) + needed <= limit',
    to: 'used <= limit',
    red: ['test/domain/deploy.test.ts', 'of processors, without refuses the deploy'],
  },
  {
    where: 'a revision may have the label of a release and another address',
    file: 'src/domain/checks/half-pinned.ts',
    from: '(pinned !== undefined || hasOwn())',
    to: 'pinned !== undefined',
    red: [
      'test/domain/foreseen.test.ts',
      'a consumer that is wired past the Service of its release is told to be half pinned',
    ],
  },
  {
    where: 'a Service may not have one more port',
    file: 'src/domain/deploy/changed-service.ts',
    from: "(now.has('name') && now.get('name') !== found.get('name'))",
    to: "now.get('name') !== found.get('name')",
    red: ['test/domain/changes-live.test.ts', 'one more port of their Service is nothing to tell'],
  },
]

/** Faults that a named test of `make test` finds. */
export const MUTANTS: readonly Mutant[] = [
  ...REWIRING,
  ...TRACE,
  ...RELEASES,
  ...ACTIONS,
  ...PLAN,
  ...WAY_BACK,
  ...READING,
  ...TRIED_AGAIN,
  ...DEPLOY,
]

/** A fault that a property finds, on whole releases of random groups. */
export interface FoundByProperty extends Omit<Mutant, 'red'> {
  /** The beginning of the property's title. */
  readonly by: string
  /** How many groups come before the first that shows it; should that change, it takes longer to be found. */
  readonly after: number
}

const KILLED = 'no request meets two versions or an empty Service, killed after every write'

export const FOUND_BY_PROPERTIES: readonly FoundByProperty[] = [
  {
    where: 'the order is turned round',
    file: 'src/domain/actions/order.ts',
    from: "direction === 'consumers-first' ? layers : layers.reverse()",
    to: "direction === 'consumers-first' ? layers.reverse() : layers",
    by: 'where no run is killed',
    after: 60,
  },
  {
    where: 'nothing is proved',
    file: 'src/domain/plan/make-plan.ts',
    from: 'const unsafe = surely(scene, waves, proof, checks)',
    to: 'const unsafe = surely(scene, waves, proof, checks).slice(0, 0)',
    by: KILLED,
    after: 197,
  },
  {
    where: 'nothing is drained',
    file: 'src/execute/prepare.ts',
    from: '!drained && fresh.length > 0 && lingering.length > 0',
    to: 'false',
    by: KILLED,
    after: 73,
  },
  {
    where: 'the first wave of a run is not drained',
    file: 'src/execute/prepare.ts',
    from: '!drained && fresh.length > 0 && lingering.length > 0',
    to: 'index > 0 && !drained && lingering.length > 0',
    by: KILLED,
    after: 73,
  },
  {
    where: 'nothing is drained in a whole release',
    file: 'src/execute/prepare.ts',
    from: '!drained && fresh.length > 0 && lingering.length > 0',
    to: 'false',
    by: 'come to users whole, or are refused before the first write: killed twice',
    after: 23,
  },
  {
    where: 'nobody says of what rests and is paused by hand what takes that back',
    file: 'src/domain/checks/table.ts',
    from: '  { check: pausedAtRest, bears: RELEASE },\n',
    to: '',
    by: 'two commands that the tool names lead out of it',
    after: 4,
  },
  {
    where: 'its release is taken from the moment',
    file: 'src/domain/trace/releases.ts',
    from: "if (revision.role === 'lingering') return versioned === 'new' ? 'new' : 'old'",
    to: "return 'old'",
    by: KILLED,
    after: 9,
  },
  {
    where: 'an alias leads nowhere',
    file: 'src/domain/evidence/hosts.ts',
    from: 'return end === name || !wanted.has(end) ? [] : [[name.toLowerCase(), end]]',
    to: 'return []',
    by: 'where versions are hard to tell',
    after: 34,
  },
  {
    where: 'a cluster IP leads nowhere',
    file: 'src/domain/evidence/hosts.ts',
    from: 'clusterIPs.map((each) => [each, name])',
    to: '[]',
    by: KILLED,
    after: 366,
  },
  {
    where: 'whoever nobody knows of calls nobody',
    file: 'src/domain/plan/guesses.ts',
    from: 'mayCall(group, each, doubtful)',
    to: '{ anybody: false, wires: [] }',
    by: KILLED,
    after: 89,
  },
  {
    where: "a chart's constant version is believed",
    file: 'src/domain/group/naming.ts',
    from: 'const constant = differ',
    to: 'const constant = false && differ',
    by: KILLED,
    after: 340,
  },
  {
    where: 'whatever runs the live image works in either release',
    file: 'src/domain/trace/releases.ts',
    from: 'settingsOnly || settings.every((each) => each.own)',
    to: 'true',
    by: KILLED,
    after: 197,
  },
]
