/** Made of the program's own help when it is built (build/bundle.ts). */
declare const BUILT_HELP: string

/** The help of each verb, and of all under no name, by the columns it is wrapped for. */
export const HELP = JSON.parse(BUILT_HELP) as Readonly<Record<string, Readonly<Record<string, string>>>>
