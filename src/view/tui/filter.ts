/** Whether something passes a filter as k9s has it: `text`, `!text` not, `-l key=value` labels, `-f text` fuzzy. */
export function passes(filter: string, name: string, labels: readonly ReadonlyMap<string, string>[]): boolean {
  if (filter.startsWith('!')) return filter === '!' || !name.includes(filter.slice(1))
  const [, kind, said = ''] = /^-([lf])\s*(.*)$/.exec(filter) ?? []
  if (kind === 'l')
    return said === '' || labels.some((each) => said.split(',').every((requirement) => has(each, requirement)))
  return kind === 'f' ? isWithin(said, name) : name.includes(filter)
}

function has(labels: ReadonlyMap<string, string>, requirement: string): boolean {
  const [, key = '', not = '', value] = /^([^=!]*)(!?)(?:==?(.*))?$/.exec(requirement) ?? []
  return (value === undefined ? labels.has(key) : labels.get(key) === value) === (not === '')
}

/** Whether all letters of one stand in the other, in their order. */
function isWithin(letters: string, name: string): boolean {
  let from = 0
  for (const letter of letters) {
    from = name.indexOf(letter, from) + 1
    if (from === 0) return false
  }
  return true
}
