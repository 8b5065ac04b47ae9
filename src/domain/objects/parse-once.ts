/**
 * A parser that parses an object once. An object of the API is never changed, only replaced: what it was parsed to
 * stays with it, since a watch tells one of thousands at a time.
 * @param parse of an object, and of the list of those that belong to it; pure
 */
export function remembering<Parsed, Beside>(
  parse: (raw: unknown, beside: readonly Beside[] | undefined) => Parsed,
): (raw: unknown, beside?: readonly Beside[]) => Parsed {
  const known = new WeakMap<object, { readonly beside: readonly Beside[] | undefined; readonly parsed: Parsed }>()
  return (raw, beside) => {
    if (typeof raw !== 'object' || raw === null) return parse(raw, beside)
    const found = known.get(raw)
    if (found !== undefined && areSame(found.beside, beside)) return found.parsed
    const parsed = parse(raw, beside)
    known.set(raw, { beside, parsed })
    return parsed
  }
}

/** Makes something of an object or a list once: what is only replaced, never changed. It is forgotten with it. */
export function madeOnce<Of extends object, Made>(make: (of: Of) => Made): (of: Of) => Made {
  const known = new WeakMap<Of, Made>()
  return (of) => {
    const made = known.get(of) ?? make(of)
    known.set(of, made)
    return made
  }
}

/** Whether two lists hold the same objects in the same order, or there is neither. */
export function areSame(one: readonly unknown[] | undefined, other: readonly unknown[] | undefined): boolean {
  return (
    one === other ||
    (one !== undefined && one.length === other?.length && one.every((each, index) => each === other[index]))
  )
}
