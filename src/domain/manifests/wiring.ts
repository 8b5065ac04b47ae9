/**
 * How consumers find what a release changes. `as-is`: as the manifests say. `preview`: by its preview or canary
 * Service. `pinned`: by a Service of this release, which selects nothing else.
 */
export const WIRINGS = ['as-is', 'preview', 'pinned'] as const

export type Wiring = (typeof WIRINGS)[number]
