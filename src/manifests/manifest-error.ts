/** Manifests that cannot be had or read; its message says where, and what to do. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
}
