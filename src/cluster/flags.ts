/** One request as it was sent, and what came back; never who sent it. */
export interface Heard {
  readonly method: string
  readonly url: string
  readonly body: string | undefined
  /** The status, or why there is none. */
  readonly result: string
  /** Milliseconds until the answer began. */
  readonly took: number
}

/** Which cluster to talk to and as whom: kubectl's own flags, and the parts of the process they are read against. */
export interface ConnectionFlags {
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly cluster?: string | undefined
  readonly user?: string | undefined
  readonly namespace?: string | undefined
  readonly server?: string | undefined
  readonly token?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly as?: string | undefined
  readonly asGroup?: readonly string[] | undefined
  readonly asUid?: string | undefined
  readonly asUserExtra?: readonly (readonly [key: string, value: string])[] | undefined
  readonly certificateAuthority?: string | undefined
  readonly clientCertificate?: string | undefined
  readonly clientKey?: string | undefined
  readonly insecureSkipTlsVerify?: boolean | undefined
  readonly tlsServerName?: string | undefined
  /** Milliseconds a request may take, its body included; 0 or absent: no limit of ours. */
  readonly requestTimeoutMs?: number | undefined
  readonly disableCompression?: boolean | undefined
  /** Objects of a list in one answer; 0: all; absent: as kubectl asks. */
  readonly chunkSize?: number | undefined
  readonly userAgent?: string | undefined
  /** The runtime is Bun, not Node. */
  readonly onBun?: boolean | undefined

  /** The environment: KUBECONFIG, the proxies, and what a credential plugin inherits. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly homedir: string
  /** A person can type on standard input: a credential plugin may ask. */
  readonly interactive?: boolean | undefined
  /**
   * A credential plugin writes to standard error itself, as kubectl's do; absent: what it writes is kept for its
   * failure.
   */
  readonly sharesStderr?: (() => boolean) | undefined
  /** Steps aside while a plugin that may ask has the terminal. */
  readonly lendTerminal?: (<T>(use: () => Promise<T>) => Promise<T>) | undefined
  /** Where a pod finds its service account; for tests. */
  readonly serviceAccountDir?: string | undefined

  /** Told what a person who waits wants to know. */
  readonly say?: ((sentence: string) => void) | undefined
  /** Told each API warning once. */
  readonly warn?: ((sentence: string) => void) | undefined
  /**
   * From 6 on each request is traced, as kubectl does; never with credentials. What a credential plugin writes is told,
   * too.
   */
  readonly verbosity?: number | undefined
  readonly trace?: ((line: string) => void) | undefined
  /** Told each request with its answer. */
  readonly hear?: ((heard: Heard) => void) | undefined
}
