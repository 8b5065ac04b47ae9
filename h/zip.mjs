import { readFileSync } from 'node:fs'
import * as zlib from 'node:zlib'
import { promisify } from 'node:util'
const t0 = performance.now()
const raw = readFileSync(process.argv[2])
const how = process.argv[3]
let t = performance.now()
const mark = (what) => { const n = performance.now(); console.log(what.padEnd(14), (n - t).toFixed(2)); t = n }
let out
const size = raw.readUInt32LE(raw.length - 4)
if (how === 'async') out = await promisify(zlib.gunzip)(raw, { maxOutputLength: 1e9 })
if (how === 'asyncbig') out = await promisify(zlib.gunzip)(raw, { maxOutputLength: 1e9, chunkSize: Math.max(64, size + 1) })
if (how === 'sync') out = zlib.gunzipSync(raw, { maxOutputLength: 1e9 })
if (how === 'syncbig') out = zlib.gunzipSync(raw, { maxOutputLength: 1e9, chunkSize: Math.max(64, size + 1) })
if (how === 'bun') out = Buffer.from(Bun.gunzipSync(raw))
mark('unzip ' + how)
const s = out.toString('utf8')
mark('toString')
const o = JSON.parse(s)
mark('parse')
const o2 = JSON.parse(s)
mark('parse again')
