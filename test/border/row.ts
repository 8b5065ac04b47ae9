import type { Handler } from '../support/api-server.ts'

/** Where a case plays. */
export interface Scene {
  readonly dir: string
  /** The server's URL by its address, and by a name that only proxies know. */
  readonly server: string
  readonly named: string
  /** `host:port` of the proxy; where there is none, of a port on which nobody listens. */
  readonly proxy: string
  /** Writes a file beside the kubeconfig. @returns its path */
  file(name: string, content: string): string
  /** Writes a credential plugin of these shell lines. @returns its path */
  plugin(...lines: readonly string[]): string
}

/** What a case is run with. */
export interface Given {
  /** More of the cluster's and the user's entry. */
  readonly cluster?: object
  readonly user?: object
  /** A whole kubeconfig in place of them. */
  readonly config?: object
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** One case at the border, and what comes of it. */
export interface Row {
  readonly case: string
  /** Default `https`; `strict` wants a client certificate of everybody. */
  readonly server?: 'https' | 'http' | 'expired' | 'other-name' | 'strict'
  readonly proxy?: 'open' | 'secure' | 'asks' | 'refuses' | 'socks' | 'dead'
  /** How the server answers; default with an empty list. */
  readonly answers?: Handler
  given(scene: Scene): Given
  /** As `Outcome.seen`. */
  readonly seen: string
  /** What this program says on standard error. */
  readonly says?: RegExp
  /** Where kubectl does otherwise. */
  readonly kubectl?: { readonly seen: string; readonly why: string }
}
