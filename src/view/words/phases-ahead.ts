import type { PhaseAhead, RunPhase } from '../../domain/release/undo-ahead.ts'
import type { Drawing } from '../draw/drawing.ts'
import { hanging } from '../draw/hanging.ts'

const DEEDS: Readonly<Record<RunPhase, string>> = {
  settle: 'deploy and promote, live addresses',
  deploy: 'to its gate',
  promote: '',
}

/** Runs that follow upon each other, a line a step, each run under its number and name. */
export function aheadLines(phases: readonly PhaseAhead[], { width, paint }: Drawing): string[] {
  const rows = phases.flatMap(({ name, moves }, phase) =>
    moves.map(({ member, versions }, index) => ({
      head: [{ text: index === 0 ? `${phase + 1} ${name}` : '' }, { text: member }, { text: versions }],
      said: [DEEDS[name]],
    })),
  )
  return rows.length === 0 ? [] : hanging(rows, width, paint)
}
