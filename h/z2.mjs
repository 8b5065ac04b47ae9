import zlib from 'node:zlib'
const a = zlib.gzipSync('x'.repeat(300000)), b = zlib.gzipSync('y'.repeat(5))
const unzip = (raw, max) => { const told = raw.length < 4 ? 0 : raw.readUInt32LE(raw.length - 4) + 1; return process.getBuiltinModule('node:zlib').gunzipSync(raw, { maxOutputLength: max, chunkSize: Math.min(Math.max(told, 65536), 8388608) }) }
console.log(unzip(Buffer.concat([a, b]), 1e9).length)
for (const [n, f] of Object.entries({ cut: () => unzip(a.subarray(0, 100), 1e9), empty: () => unzip(Buffer.alloc(0), 1e9), big: () => unzip(a, 1000), bomb: () => unzip(zlib.gzipSync(Buffer.alloc(50e6)), 20e6), junk: () => unzip(Buffer.from('hello world'), 1e9) })) { try { console.log(n, f().length) } catch (e) { console.log(n, e.code, e.message) } }
