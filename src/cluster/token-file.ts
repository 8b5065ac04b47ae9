import { readFile } from './read-file.ts'
import { fileFailure } from '../text/file-failure.ts'
import { configuration } from './kubeconfig.ts'
import type { CredentialSource } from './source.ts'

/** Milliseconds for which a token is taken from memory: kubelets renew the file of a pod long before it expires. */
const KEPT = 50_000

/**
 * A token in a file, read anew once in a while and when it is rejected (client-go, transport/token_source.go).
 * @param otherwise the token that serves while the file cannot be read
 */
export function tokenFileSource(file: string, otherwise: string | undefined): CredentialSource {
  let kept: { readonly authorization: string; readonly until: number } | undefined
  return {
    ask() {
      if (kept === undefined || Date.now() >= kept.until) {
        kept = { authorization: `Bearer ${read(file, otherwise)}`, until: Date.now() + KEPT }
      }
      return { authorization: kept.authorization }
    },
    forget() {
      kept = undefined
      return true
    },
  }
}

function read(file: string, otherwise: string | undefined): string {
  try {
    const token = readFile(file).toString('utf8').trim()
    if (token !== '') return token
  } catch (error) {
    if (otherwise) return otherwise.trim()
    throw configuration(`cannot read the token file: ${fileFailure(error, file)}`, error)
  }
  if (otherwise) return otherwise.trim()
  throw configuration(`read empty token from file ${JSON.stringify(file)}`)
}
