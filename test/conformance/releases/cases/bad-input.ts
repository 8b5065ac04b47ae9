import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runPlugin } from '../../support.ts'
import { EVIL, isHarmless, LONG, start } from '../harmless.ts'
import { totals } from '../ledger.ts'
import type { Cases } from '../play.ts'
import { pair } from '../worlds.ts'

export const badInput: Cases = {
  'arguments that shout': [
    pair(),
    async (scene) => {
      for (const args of [
        ['get-group', EVIL],
        ['get-group', 'shop', '-n', EVIL],
        [EVIL],
        ['check', '__proto__'],
        ['promote-all', EVIL, '--yes'],
        ['get-group', LONG],
        ['get-group', 'shop', '-o', EVIL],
        ['get-group', 'shop', `--${EVIL}`],
      ]) {
        totals['bad inputs'] += 1
        const run = await runPlugin(scene.plane, args)
        assert.ok(run.code === 1 || run.code === 2, `${JSON.stringify(args).slice(0, 200)}: ${start(run)}`)
        isHarmless(run, JSON.stringify(args).slice(0, 200))
      }
    },
  ],

  'kubeconfigs of odd content': [
    pair(),
    async (scene) => {
      const script = join(scene.plane.dir, 'evil-login')
      await writeFile(
        script,
        `#!/bin/sh\nprintf '\\033[2J\\033]0;owned\\007' >&2\nprintf '{"kind":"\\033[2J"}'\nexit 1\n`,
        { mode: 0o700 },
      )
      const contents = oddKubeconfigs(scene.plane.server, script)
      for (const [what, content] of Object.entries(contents)) {
        totals['bad inputs'] += 1
        const file = join(scene.plane.dir, 'odd.kubeconfig')
        await writeFile(file, content)
        const run = await scene.by(file).plugin('get-group', '--request-timeout=2s')
        assert.ok(run.code === 1 || run.code === 2, `${what}: ${start(run)}`)
        // A plugin's standard error is the terminal's own, as kubectl has it; what we say of it is not.
        isHarmless({ ...run, stderr: run.stderr.replace(SHOUT, '') }, what)
      }
    },
  ],
}

/** What the login writes to its own standard error. */
const SHOUT = '\u001b[2J\u001b]0;owned\u0007'

function oddKubeconfigs(server: string, script: string): Readonly<Record<string, string>> {
  const but = (more: object): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
      ...more,
    })
  const cluster = (content: unknown): string => but({ clusters: [{ name: 'c', cluster: content }] })
  const user = (content: unknown): string => but({ users: [{ name: 'u', user: content }] })
  const nine = (one: string): string => `[${Array(9).fill(one).join(', ')}]`
  const bomb = [...'bcdefghi'].map((name, index) => `${name}: &${name} ${nine(`*${'abcdefgh'[index]}`)}`)
  return {
    nothing: '',
    'a list': '[]',
    'no YAML': `\u0000\u0001{{{${EVIL}`,
    'a bomb': [`a: &a ${nine('x')}`, ...bomb, ''].join('\n'),
    'a context of no such name': but({ 'current-context': EVIL }),
    'a context named __proto__': but({ 'current-context': '__proto__' }),
    'a name of 100 kB': but({ 'current-context': LONG }),
    'a cluster that is none': cluster(EVIL),
    'a server that is none': cluster({ server: `https://${EVIL}` }),
    'a file for a server': cluster({ server: 'file:///etc/passwd' }),
    'no certificate': cluster({ server, 'certificate-authority-data': 'AAAA' }),
    'a token with line ends': user({ token: EVIL }),
    'a login that shouts and fails': user({
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: script, interactiveMode: 'Never' },
    }),
  }
}
