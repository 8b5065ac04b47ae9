import { Agent, get } from 'node:http'

/** What answers on a port of this machine; the words of the failure where nobody does. */
export function asked(port: number, agent = new Agent()): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  get({ port, host: '127.0.0.1', agent }, async (answer) => {
    let body = ''
    for await (const chunk of answer) body += String(chunk)
    resolve(body)
  }).on('error', (error) => resolve(String((error as NodeJS.ErrnoException).code)))
  return promise
}
