import { controls } from './cases/controls.ts'
import { failures } from './cases/failures.ts'
import { releases } from './cases/releases.ts'
import { ledger } from './ledger.ts'
import { play } from './play.ts'

describe('whole releases on a real control plane', function () {
  this.timeout('10m')
  after(() => {
    process.stdout.write(ledger())
  })

  describe('meet no two versions and no empty Service:', () => play(releases, 6))
  describe('that fail leave users where they were:', () => play(failures, 6))
  describe('done wrong are counted:', () => play(controls, 2))
})
