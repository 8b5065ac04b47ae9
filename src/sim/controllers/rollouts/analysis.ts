import { HASH, REVISION } from './keys.ts'
import type { KubeObject } from '../../objects.ts'
import type { Write } from '../../simulation.ts'
import { ownedBy } from '../reconciler.ts'
import { isAborted } from './pauses.ts'
import { available, hashOf, hasPause, isFastRollback, isSaturated, type View } from './view.ts'

export const COMPLETED: ReadonlySet<string> = new Set(['Successful', 'Failed', 'Error', 'Inconclusive'])

/** Where an analysis belongs: its field of the status, its place in the strategy, and the names that go with it. */
interface Kind {
  readonly field: string
  readonly infix: string
  readonly label: string
  readonly failed: string
}

const PRE: Kind = {
  field: 'prePromotionAnalysisRunStatus',
  infix: 'pre',
  label: 'PrePromotion',
  failed: 'Blue/green pre-promotion analysis phase error/failed',
}
const POST: Kind = {
  field: 'postPromotionAnalysisRunStatus',
  infix: 'post',
  label: 'PostPromotion',
  failed: 'Blue/green post-promotion analysis phase error/failed',
}
const STEP: Kind = {
  field: 'currentStepAnalysisRunStatus',
  infix: '',
  label: 'Step',
  failed: 'Step-based analysis phase error/failed',
}
const BACKGROUND: Kind = {
  field: 'currentBackgroundAnalysisRunStatus',
  infix: '',
  label: 'Background',
  failed: 'Background analysis phase error/failed',
}

/** The run that the status names, as it is. */
export function currentRun({ world, namespace, status }: View, kind: 'pre' | 'post' | 'step'): KubeObject | undefined {
  const { field } = { pre: PRE, post: POST, step: STEP }[kind]
  const name = status.blueGreen?.[field]?.name ?? status.canary?.[field]?.name
  return name === undefined ? undefined : world.store.get('analysisruns', namespace, name)
}

export function phaseOfRun(run: KubeObject | undefined): string {
  return run?.status?.phase ?? ''
}

/**
 * Starts, follows and ends the AnalysisRuns; answers their fields of the next status (rollout/analysis.go
 * reconcileAnalysisRuns).
 */
export function* reconcileAnalysis(view: View): Generator<Write, Record<string, unknown>> {
  const { status, spec, hash } = view
  const { blueGreen, canary } = spec.strategy
  const kept =
    status.blueGreen === undefined
      ? {}
      : { [PRE.field]: statusOf(currentRun(view, 'pre')), [POST.field]: statusOf(currentRun(view, 'post')) }
  if (
    status.stableRS === undefined ||
    status.stableRS === hash ||
    isAborted(view) ||
    status.promoteFull === true ||
    isFastRollback(view)
  ) {
    for (const run of ownedBy(view.world.store, 'analysisruns', view.rollout)) yield* terminate(run)
    return blueGreen !== undefined ? kept : { [STEP.field]: null, [BACKGROUND.field]: null }
  }
  if (blueGreen !== undefined) {
    const before = yield* follow(view, PRE, blueGreen.prePromotionAnalysis, skipsBefore(view, currentRun(view, 'pre')))
    judge(view, PRE, before)
    const after = yield* follow(view, POST, blueGreen.postPromotionAnalysis, skipsAfter(view, currentRun(view, 'post')))
    judge(view, POST, after)
    return { [PRE.field]: statusOf(before), [POST.field]: statusOf(after) }
  }
  const index = status.currentStepIndex ?? 0
  const step = canary.steps?.[index]?.analysis
  const run = yield* follow(view, { ...STEP, infix: String(index) }, step, false)
  judge(view, STEP, run)
  const background = yield* follow(
    view,
    BACKGROUND,
    index < (canary.analysis?.startingStep ?? 0) ? undefined : canary.analysis,
    false,
  )
  judge(view, BACKGROUND, background)
  return { [STEP.field]: statusOf(run), [BACKGROUND.field]: statusOf(background) }
}

/** rollout/analysis.go skipPrePromotionAnalysisRun: not before the preview is up, not after the cutover. */
function skipsBefore(view: View, run: KubeObject | undefined): boolean {
  const { status, hash, fresh, spec } = view
  const active = status.blueGreen?.activeSelector ?? ''
  if (active === '' || active === hash) return true
  if (run !== undefined) return false
  const count = spec.strategy.blueGreen.previewReplicaCount
  return count !== undefined ? fresh.spec.replicas !== count || available(fresh) !== count : !isSaturated(view, fresh)
}

/**
 * rollout/analysis.go skipPostPromotionAnalysisRun: only after the cutover, and while all pods are up when it starts.
 */
function skipsAfter(view: View, run: KubeObject | undefined): boolean {
  return view.status.blueGreen?.activeSelector !== view.hash || (run === undefined && !isSaturated(view, view.fresh))
}

function* follow(view: View, kind: Kind, wanted: any, skips: boolean): Generator<Write, KubeObject | undefined> {
  const { status, world, namespace } = view
  const name = status.blueGreen?.[kind.field]?.name ?? status.canary?.[kind.field]?.name
  const run = name === undefined ? undefined : world.store.get('analysisruns', namespace, name)
  if ((wanted?.templates?.length ?? 0) === 0 || skips) {
    yield* terminate(run)
    return wanted === undefined ? undefined : run
  }
  if (
    hasPause(status, 'InconclusiveAnalysisRun') ||
    (kind.label === 'Step' && (status.pauseConditions ?? []).length > 0)
  )
    return run
  return needsNew(run, status) ? yield* create(view, kind, wanted) : run
}

/**
 * rollout/analysis.go needsNewAnalysisRun: none yet, an inconclusive one that a promote has passed, or a retry after an
 * abort.
 */
function needsNew(run: KubeObject | undefined, status: any): boolean {
  if (run === undefined) return true
  if (status.controllerPause === true && !hasPause(status, 'CanaryPauseStep') && !hasPause(status, 'BlueGreenPause'))
    return phaseOfRun(run) === 'Inconclusive'
  return status.abortedAt !== undefined
}

function* create(view: View, kind: Kind, wanted: any): Generator<Write, KubeObject> {
  const { rollout, fresh, world, namespace } = view
  const { name: owner, uid, annotations } = rollout.metadata
  const base = [owner, hashOf(fresh), annotations?.[REVISION], kind.infix].filter((each) => each !== '').join('-')
  const taken = (each: string) => world.store.get('analysisruns', namespace, each) !== undefined
  const name = [base, ...Array.from({ length: 100 }, (_, index) => `${base}.${index + 1}`)].find(
    (each) => !taken(each),
  )!
  yield {
    create: 'analysisruns',
    namespace,
    body: {
      metadata: {
        name,
        labels: {
          'rollout-type': kind.label,
          [HASH]: hashOf(fresh),
          ...(kind.label === 'Step' && { 'step-index': kind.infix }),
        },
        annotations: { [REVISION]: annotations?.[REVISION] },
        ownerReferences: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: owner, uid, controller: true }],
      },
      spec: { metrics: metricsOf(view, wanted) },
    },
  }
  // As the answer to the request has it: not begun, though it may be by now.
  const { status: _status, ...made } = world.store.get('analysisruns', namespace, name)!
  return made
}

function metricsOf(
  { world, namespace }: View,
  { templates }: { templates: readonly { templateName: string }[] },
): unknown[] {
  return templates.flatMap(
    ({ templateName }) => world.store.get('analysistemplates', namespace, templateName)?.spec?.metrics ?? [],
  )
}

function* terminate(run: KubeObject | undefined): Generator<Write> {
  if (run === undefined || run.spec?.terminate === true || COMPLETED.has(phaseOfRun(run))) return
  yield {
    patch: 'analysisruns',
    namespace: run.metadata.namespace!,
    name: run.metadata.name,
    body: { spec: { terminate: true } },
  }
}

/** rollout/analysis.go setPauseOrAbortForBlueGreen. */
function judge({ pauses }: View, kind: Kind, run: KubeObject | undefined): void {
  const phase = phaseOfRun(run)
  if (phase === 'Inconclusive') pauses.add.add('InconclusiveAnalysisRun')
  if (phase === 'Failed' || phase === 'Error')
    pauses.abort = { message: [kind.failed, run?.status?.message].filter(Boolean).join(': ') }
}

/** As the status of a Rollout tells it: a run that has not begun has an empty phase. */
function statusOf(run: KubeObject | undefined): unknown {
  return run === undefined
    ? null
    : { name: run.metadata.name, status: phaseOfRun(run), message: run.status?.message ?? null }
}
