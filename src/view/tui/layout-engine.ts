import * as yoga from 'yoga-layout'

/**
 * Yoga, by which Ink lays out, is WebAssembly. Its own module waits for that where it is imported; in the bundle it
 * does not (build/bundle.ts), since Bun's `import()` may come to its end before such a module has.
 */
export const layoutReady: Promise<void> = (yoga as { readonly ready?: Promise<void> }).ready ?? Promise.resolve()
