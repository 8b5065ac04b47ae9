/** The part of the bundle that a look needs, as one script, and what V8 makes of it: their names inside a binary. */
export const CORE = 'core.js'
export const CODE_CACHE = 'core.cache'
