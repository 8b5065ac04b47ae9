import { digest } from './digest.ts'

/** Longest label value, and longest DNS label. */
const LONGEST = 63

/** A release's name as a label value: what no label takes becomes a dash. */
export function labelValue(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
  return plain.slice(0, LONGEST).replace(/[^A-Za-z0-9]+$/, '') || digest(name).slice(0, 5)
}

/**
 * The name of a Service of a release, a DNS-1035 label: dots become dashes; where more than these had to be changed or
 * cut, a hash keeps it apart from others.
 */
export function serviceName(base: string, release: string): string {
  const plain = `${base}-${release}`.replaceAll('.', '-')
  const lower = plain.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')
  const begun = /^[0-9]/.test(lower) ? `s-${lower}` : lower
  if (lower === plain && begun.length <= LONGEST) return begun
  return `${begun.slice(0, LONGEST - 6).replace(/-+$/, '')}-${digest(plain).slice(0, 5)}`
}

/** Longest name of an object that is a DNS subdomain. */
const LONGEST_NAME = 253

/** The name of a copy of a ConfigMap: its base name, without the hash that kustomize gave it, and one of its contents. */
export function copyName(name: string, content: string): string {
  const base = name.replace(/-[bcdfghkmt2456789]{10}$/, '')
  return `${base.slice(0, LONGEST_NAME - 11)}-${digest(content)}`
}
