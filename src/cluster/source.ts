import type { ClientCertificate } from './material.ts'

/** What a source of credentials gives: a token, a client certificate, or both. */
export interface ClientProof extends Partial<ClientCertificate> {
  readonly authorization?: string | undefined
}

/** Where credentials come from. */
export interface CredentialSource {
  ask(): ClientProof | Promise<ClientProof>
  /** Asks anew the next time. @returns whether that can give others */
  forget(): boolean
}
