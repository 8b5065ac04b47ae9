import { readFileSync } from 'node:fs'
import { at, list } from '../src/domain/objects/fields.ts'
let t = performance.now()
const mark = (what: string) => { const n = performance.now(); console.log(what.padEnd(20), (n - t).toFixed(2)); t = performance.now() }
const answer = JSON.parse(readFileSync('/work/tmp/body.6d26.', 'utf8'))
mark('parse')
const rows0: any[] = []
const all = list(at(answer, 'rows')).map((each) => list(at(each, 'cells')))
mark('cells')
for (const each of all) rows0.push(each)
mark('push')
const columns = list(at(answer, 'columnDefinitions')).map((each) => String(at(each, 'name')))
const [name, type, clusterIP, external, selector] = ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Selector'].map((e) => columns.indexOf(e)) as number[]
const found: any[] = []
for (const cells of rows0) {
  const [of, kind, address, pairs] = [cells[name!], cells[type!], cells[clusterIP!], cells[selector!]]
  if (typeof of !== 'string' || typeof address !== 'string' || typeof pairs !== 'string') throw 1
  found.push({ name: of, clusterIP: address, alias: kind === 'ExternalName' ? cells[external!] : undefined, pairs: pairs === '<none>' ? [] : pairs.split(',') })
}
mark('briefly')
const q = found.filter((each) => !rows0.includes(each.name) || true)
t = performance.now()
const s = new Set(['a', 'b'])
const x = found.filter((each) => !s.has(each.name)); mark('filter set')
const y = [...found.slice(0, 100), ...x]; mark('spread')
const z = found.filter(({ pairs }: any) => pairs.some((l: string) => s.has(l))); mark('some set')
const w = found.flatMap(({ name }: any) => (s.has(name) ? [name] : [])); mark('flatMap')
const v = found.filter(({ pairs }: any) => { const own = pairs.find((l: string) => l.startsWith('app=')); return pairs.length > 0 && (own === undefined || s.has(own.slice(4))) }); mark('mayReach')
