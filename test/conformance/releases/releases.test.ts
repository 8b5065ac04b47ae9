import assert from 'node:assert/strict'
import { addresses } from './cases/addresses.ts'
import { badAnswers } from './cases/bad-answers.ts'
import { badInput } from './cases/bad-input.ts'
import { controls } from './cases/controls.ts'
import { crashes } from './cases/crashes.ts'
import { failures } from './cases/failures.ts'
import { faults } from './cases/faults.ts'
import { fromFiles } from './cases/from-files.ts'
import { hostile } from './cases/hostile.ts'
import { long } from './cases/long.ts'
import { namedWrites } from './cases/named-writes.ts'
import { otherHands } from './cases/other-hands.ts'
import { outputs } from './cases/outputs.ts'
import { permissions } from './cases/permissions.ts'
import { races } from './cases/races.ts'
import { releases } from './cases/releases.ts'
import { twoWaves } from './cases/two-waves.ts'
import { otherWaysBack, waysBack } from './cases/ways-back.ts'
import { rate, totals } from './ledger.ts'
import { arrive, pass, underWay } from './outages.ts'
import { play } from './play.ts'
import { plane } from '../plane.ts'
import { seed } from './random.ts'
import { canaries, chain, pair } from './worlds.ts'

describe('whole releases on a real control plane', function () {
  this.timeout('10m')
  describe("outlive the control plane's own outages:", () => {
    it('the API server is killed while old pods drain, and comes back', async () => {
      const releases = await underWay({
        'a pair, API server killed': [pair()],
        'a chain, API server killed': [chain],
        'canaries, API server killed': [canaries, '--to-end'],
      })
      await Promise.all(releases.map(({ run }) => run.tells(({ type }) => type === 'patched')))
      await plane().killApiServer()
      await Promise.all(releases.map(({ run }) => run.tells(({ type }) => type === 'disconnected')))
      await plane().startApiServer()
      await arrive(releases)
    })

    it('the controller stands still for 20 s: the tool says what it waits for, and goes on', async () => {
      const releases = await underWay({
        'a pair, controller stopped': [pair()],
        'a chain, controller stopped': [chain],
      })
      await Promise.all(releases.map(({ run }) => run.tells(({ type }) => type === 'started')))
      await plane().stopController()
      const waits = await Promise.all(
        releases.map(({ run }) =>
          run.tells(
            ({ type, member, waitingFor }) =>
              type === 'draining' || (type === 'progress' && /frontend|a\b/.test(member) && waitingFor !== ''),
          ),
        ),
      )
      assert.ok(
        waits.every((each) => each !== undefined),
        'ended while nobody acted',
      )
      await pass(releases[0]!.scene, '20s')
      await plane().startController()
      await arrive(releases)
    })
  })
  describe('while nothing of the control plane fails', () => {
    play(
      {
        'over a bad line:': faults,
        'bear anything that a cluster or a kubeconfig may hold:': { ...hostile, ...badAnswers, ...badInput },
        'meet no two versions and no empty Service:': releases,
        'are promoted in two waves, whatever their size, and killed in between:': twoWaves,
        'go from files to users in one command, killed once a write of it is in:': namedWrites,
        'are taken back:': waysBack,
        'are wired by a filter, and applied by kubectl:': fromFiles,
        'bear what others do to what Argo Rollouts keeps:': otherHands,
        'follow every name of a Service:': addresses,
        'that fail leave users where they were:': failures,
        'survive the tool being killed at any moment:': crashes,
        'beside others who write:': races,
        'go on to their end, whatever becomes of their outputs:': outputs,
        'need no more permissions than the README says:': permissions,
        'done wrong are counted:': controls,
      },
      8,
    )
  })
  if (process.env['CONFORMANCE'] === 'all')
    describe('however long it takes', function () {
      this.timeout('30m')
      play({ 'meet no two versions and no empty Service:': long, 'are taken back:': otherWaysBack }, 6)
    })
  // In suites of their own, for those come after the tests beside them.
  describe('are killed', () =>
    it('twenty times and more', () => assert.ok(totals.kills >= 20, `${totals.kills} kills with seed ${seed}`)))
  describe('are looked at', () =>
    it('forty times a second and more', () => assert.ok(rate() >= 40, `${rate()} samples a second`)))
})
