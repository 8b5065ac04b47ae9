import { startSim } from '../src/sim/start-sim.ts'
import { simCli } from './support/sim-cli.ts'
it('x', async function () { this.timeout(100000)
  const sim = await startSim({ scenario: 'legacy', timeScale: 60 })
  console.log((await simCli(sim, ['promote-all', sim.group, '--yes']).done).stdout)
  const d = await simCli(sim, ['settle', sim.group, '--dry-run']).done
  console.log(d.exit, d.stderr, d.stdout)
  for (const c of sim.store.list('configmaps')) console.log(c.metadata.name, JSON.stringify(c['data']))
  console.log(JSON.stringify(sim.store.get('rollouts', 'legacy', 'my-frontend')!.spec.template), JSON.stringify(sim.store.get('rollouts', 'legacy', 'my-frontend')!.metadata))
  await sim.stop()
})
