import { timestamp } from '../../objects.ts'

/** Whether `restartAt` is another time than the one that was restarted at, however either is written. */
export function needsRestart(spec: any, status: any): boolean {
  return spec.restartAt != null && Date.parse(spec.restartAt) !== Date.parse(status.restartedAt ?? '')
}

/** `restartAt` as the controller writes times, whatever it was written in. */
export function restartedAt(spec: any): string | undefined {
  return spec.restartAt == null ? undefined : timestamp(Date.parse(spec.restartAt))
}
