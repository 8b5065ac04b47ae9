import { abort } from './cases/abort.ts'
import { admission } from './cases/admission.ts'
import { analyses } from './cases/analysis.ts'
import { antiAffinity } from './cases/anti-affinity.ts'
import { autoscaled } from './cases/autoscaled.ts'
import { canaryAnalyses } from './cases/canary-analysis.ts'
import { canaryEnd } from './cases/canary-end.ts'
import { canaryWaysBack } from './cases/canary-ways-back.ts'
import { canarySteps } from './cases/canary.ts'
import { deadlines } from './cases/deadlines.ts'
import { deletion } from './cases/deletion.ts'
import { gates } from './cases/gates.ts'
import { invalidSpec } from './cases/invalid-spec.ts'
import { measuredAnalyses } from './cases/measured.ts'
import { meshes } from './cases/meshes.ts'
import { ownership } from './cases/ownership.ts'
import { paused, pausedCanaries } from './cases/paused.ts'
import { experimentSteps } from './cases/experiments.ts'
import { pingPongs } from './cases/ping-pong.ts'
import { restarts } from './cases/restart.ts'
import { routedCanaries } from './cases/routed.ts'
import { weightZero } from './cases/weight-zero.ts'
import { fullPromotion } from './cases/promote-full.ts'
import { retriedCanaries, retry } from './cases/retry.ts'
import { serverSideApplies } from './cases/server-side-apply.ts'
import { templates } from './cases/templates.ts'
import { undo } from './cases/undo.ts'
import { workloadRef } from './cases/workload-ref.ts'
import { writes } from './cases/writes.ts'
import type { Cases } from './play.ts'

/** Every case, by what it is about. */
export const chapters: Readonly<Record<string, Cases>> = {
  'what the API server does with a write': writes,
  'a server-side apply': serverSideApplies,
  'a blue/green Rollout and its template': templates,
  'a blue/green Rollout and its gate': gates,
  'aborting a blue/green Rollout': abort,
  'undoing a blue/green Rollout': undo,
  'retrying a blue/green Rollout': retry,
  'analyses of a blue/green Rollout': analyses,
  'an analysis of a blue/green Rollout that is measured': measuredAnalyses,
  'antiAffinity of a blue/green Rollout': antiAffinity,
  'deadlines of a blue/green Rollout': deadlines,
  'spec.paused of a blue/green Rollout': paused,
  'a canary Rollout without traffic routing': canarySteps,
  'the end of a canary without traffic routing': canaryEnd,
  'analyses of a canary': canaryAnalyses,
  'a canary with a router': routedCanaries,
  'a canary in a mesh': meshes,
  'a canary with two Services that change their roles': pingPongs,
  'a gate at weight 0': weightZero,
  'experiments of a canary': experimentSteps,
  'a restart': restarts,
  'a canary that is retried': retriedCanaries,
  'spec.paused of a canary': pausedCanaries,
  'a canary undone, past its deadline, or paused': canaryWaysBack,
  'a Rollout with a HorizontalPodAutoscaler': autoscaled,
  'a full promotion': fullPromotion,
  'a Rollout with a workloadRef': workloadRef,
  'a Rollout that is invalid': invalidSpec,
  'pods that are not admitted': admission,
  'the deletion of a Rollout': deletion,
  'a Rollout of another controller, or of none': ownership,
}
