import { writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { startControlPlane } from '../test/controlplane/start.ts'
import { released } from '../test/bench/releases.ts'
import { crowd } from '../test/bench/crowded.ts'
const plane = await startControlPlane()
const ten = await released(plane, 10)
const big = await released(plane, 10)
await crowd(plane, big)
writeFileSync('/work/tmp/plane.env', `export KUBECONFIG=${plane.kubeconfig} BIN=${plane.binDir} TEN=${ten} BIG=${big} KUBECACHEDIR=${plane.dir}/kubectl-cache\n`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await plane.stop()
