/**
 * The requests of a command and nothing else, as fetch makes them on Bun: no program on it takes less. KUBECONFIG and
 * the argument are those of bare.ts.
 */
import { readFileSync } from 'node:fs'

const config = JSON.parse(readFileSync(process.env['KUBECONFIG']!, 'utf8'))
const { server, 'certificate-authority-data': data } = config.clusters[0].cluster
const ca = Buffer.from(data, 'base64').toString()
const headers = { 'accept-encoding': 'gzip', authorization: `Bearer ${config.users[0].user.token}` }

async function get(path: string): Promise<unknown> {
  // What has no objects is a table.
  const accept = `application/json${path.includes('includeObject') ? ';as=Table;g=meta.k8s.io;v=v1' : ''}`
  const init = { headers: { ...headers, accept }, tls: { ca } }
  const answer = await fetch(server + path, init)
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
  return answer.json()
}

for (const paths of JSON.parse(process.argv[2]!) as string[][]) await Promise.all(paths.map(get))
process.exit()
