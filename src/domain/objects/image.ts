/** What a container image's reference says of the image; which registry it comes from says nothing. */
export interface Image {
  /** The last part of the repository's name. */
  readonly name: string
  /** Undefined where there is none, or one that is moved from image to image. */
  readonly tag: string | undefined
  readonly digest: string | undefined
}

/** Tags that name no image: they are moved to the newest one. */
const MOVED: ReadonlySet<string> = new Set(['', 'latest', 'main', 'master', 'dev', 'stable'])

/** Parses `[registry[:port]/]repository[:tag][@digest]`. */
export function parseImage(reference: string): Image {
  const [tagged = '', digest] = reference.split('@')
  const last = tagged.slice(tagged.lastIndexOf('/') + 1)
  const [name = '', tag = ''] = last.split(':')
  return { name, tag: isMoved(tag) ? undefined : tag, digest }
}

/** Whether a tag names no image. */
export function isMoved(tag: string): boolean {
  return MOVED.has(tag)
}

/** Whether two references name one image for certain: by a digest, or by a tag that stays with it. */
export function areOneImage(one: Image, other: Image): boolean {
  if (one.name !== other.name) return false
  return one.digest !== undefined && other.digest !== undefined
    ? one.digest === other.digest
    : one.tag !== undefined && one.tag === other.tag && one.digest === other.digest
}

/** Whether two references name different images for certain; by their digests only where no tag tells. */
export function areTwoImages(one: Image, other: Image): boolean {
  return one.name !== other.name || (one.tag ?? one.digest) !== (other.tag ?? other.digest)
}
