/** A fault in the words of Kubernetes' field validation. */
export function invalid(path: string, value: unknown, what: string): string {
  return `${path}: Invalid value: ${JSON.stringify(value)}: ${what}`
}

export function required(path: string, what: string): string {
  return `${path}: Required value: ${what}`
}
