/** Milliseconds as a person reads them: `28ms`, `0.8s`, `32.1s`, `2m05s`. */
export function elapsed(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.round(milliseconds)}ms`
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)}s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`
}

export function clockTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(11, 19)} UTC`
}

/** How old something is, in whole minutes, hours or days, as kubectl counts ages: `<1m`, `12m`, `3h`, `2d`. */
export function age(milliseconds: number): string {
  const minutes = Math.floor(Math.max(0, milliseconds) / 60_000)
  if (minutes < 1) return '<1m'
  if (minutes < 120) return `${minutes}m`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / (24 * 60))}d`
}
