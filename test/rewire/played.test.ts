import assert from 'node:assert/strict'
import { live } from '../manifests/play.ts'
import { releaseOf } from '../manifests/pinned.ts'
import { read } from '../manifests/right.ts'

describe('a group that nobody wired', () => {
  it('is released, taken back and released again by pin, deploy-all and promote-all alone', async () => {
    const { play } = read('plain-service')
    const first = releaseOf({ ...play, deeds: play.deeds.slice(0, 1) })
    const second = releaseOf(play)
    const led: string[] = []
    await live(play, async (deed, _, pipe) => {
      if (deed !== play.deeds[0]) return
      const whom = [play.group, '-n', play.folder]
      for (const release of [first, second, first, second.replaceAll('2.0', '3.0')]) {
        const pinned = await pipe(release, 'pin', ...whom, '-f', '-')
        led.push(/http:\/\/(menu-[^:]+):80/.exec(pinned.stdout)![1]!)
        const deployed = await pipe(pinned.stdout, 'deploy-all', ...whom, '-f', '-', '--yes')
        assert.equal(deployed.exit, 0, deployed.text)
        const promoted = await pipe('', 'promote-all', ...whom, '--yes')
        assert.equal(promoted.exit, 0, promoted.text)
        assert.match(promoted.text, /proved from addresses pods use/)
      }
    })
    assert.match(led[0]!, /^menu-[0-9a-z]{9,10}$/)
    assert.deepEqual(led.slice(1), ['menu-2-0', 'menu-1-0-2', 'menu-3-0'])
  })
})
