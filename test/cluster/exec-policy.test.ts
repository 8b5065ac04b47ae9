import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mayRun } from '../../src/cluster/exec-policy.ts'

/** The table of client-go (auth/exec, TestPluginPolicy), and what kubectl's kuberc adds to it. */
describe('the policy of credential plugins', () => {
  const dir = mkdtempSync(join(tmpdir(), 'policy-'))
  const bin = join(dir, 'bin')
  const here = join(bin, 'login')
  before(() => {
    mkdirSync(bin)
    writeFileSync(here, '#!/bin/sh\n')
    chmodSync(here, 0o755)
    writeFileSync(join(bin, 'no-program'), '')
  })
  after(() => rmSync(dir, { recursive: true }))

  const verdict = (command: string, kuberc: object | string | undefined, env: Record<string, string> = {}): string => {
    const file = join(dir, 'kuberc')
    if (kuberc !== undefined) writeFileSync(file, typeof kuberc === 'string' ? kuberc : JSON.stringify(kuberc))
    try {
      mayRun(command, { env: { PATH: bin, ...(kuberc !== undefined && { KUBERC: file }), ...env }, homedir: dir })
      return 'runs'
    } catch (error) {
      return (error as Error).message.replaceAll(dir, '')
    }
  }
  const listed = (...names: string[]) => ({
    credentialPluginPolicy: 'Allowlist',
    credentialPluginAllowlist: names.map((command) => ({ command })),
  })
  const NOT_NAMED = (command: string) =>
    `credential plugin ${JSON.stringify(command)} may not run: credentialPluginAllowlist does not name it (/kuberc)`

  for (const [what, command, kuberc, answer] of [
    ['nothing said', 'login', {}, 'runs'],
    ['all allowed', 'login', { credentialPluginPolicy: 'AllowAll' }, 'runs'],
    [
      'all denied',
      'login',
      { credentialPluginPolicy: 'DenyAll' },
      'credential plugin "login" may not run: credentialPluginPolicy is "DenyAll" (/kuberc)',
    ],
    [
      'a policy that is unknown',
      'login',
      { credentialPluginPolicy: 'X' },
      '/kuberc: unknown credentialPluginPolicy "X"',
    ],
    [
      'a list without its policy',
      'login',
      { credentialPluginAllowlist: [{ command: 'login' }] },
      '/kuberc: credentialPluginPolicy is "AllowAll", but there is a credentialPluginAllowlist',
    ],
    [
      'a list beside a policy that denies all',
      'login',
      { ...listed('login'), credentialPluginPolicy: 'DenyAll' },
      '/kuberc: credentialPluginPolicy is "DenyAll", but there is a credentialPluginAllowlist',
    ],
    [
      'a policy without its list',
      'login',
      { credentialPluginPolicy: 'Allowlist' },
      '/kuberc: credentialPluginPolicy is "Allowlist", but credentialPluginAllowlist names none',
    ],
    [
      'an empty list',
      'login',
      listed(),
      '/kuberc: credentialPluginPolicy is "Allowlist", but credentialPluginAllowlist names none',
    ],
    [
      'an empty entry',
      'login',
      listed('login', ''),
      '/kuberc: entry 2 of credentialPluginAllowlist is empty, or no plain path',
    ],
    [
      'an entry that is no plain path',
      'login',
      listed('/a/../b'),
      '/kuberc: entry 1 of credentialPluginAllowlist is empty, or no plain path',
    ],
    ['its name', 'login', listed('foo', 'login'), 'runs'],
    [
      'its name as kubectl 1.35 writes it',
      'login',
      { ...listed(), credentialPluginAllowlist: [{ name: 'login' }] },
      'runs',
    ],
    ['its path, and called by its name', 'login', listed(here), 'runs'],
    ['its name, and called by its path', here, listed('login'), 'runs'],
    ['its path, and called by a path that is not plain', `${bin}/../bin/login`, listed(here), 'runs'],
    ['another name', 'login', listed('foo'), NOT_NAMED('login')],
    ['another path of its name', here, listed('/elsewhere/login'), NOT_NAMED('/bin/login')],
    [
      'a path elsewhere, called by the name that is listed',
      '/elsewhere/login',
      listed('login'),
      NOT_NAMED('/elsewhere/login'),
    ],
    ['what is no program', 'no-program', listed(join(bin, 'no-program')), NOT_NAMED('no-program')],
  ] as const) {
    it(`answers for ${what}`, () => assert.equal(verdict(command, kuberc), answer))
  }

  it('is none with KUBERC=off, and where there is no file in the home', () => {
    assert.equal(verdict('login', { credentialPluginPolicy: 'DenyAll' }, { KUBERC: 'off' }), 'runs')
    assert.equal(verdict('login', undefined), 'runs')
  })

  it('is found in the home', () => {
    mkdirSync(join(dir, '.kube'))
    writeFileSync(join(dir, '.kube', 'kuberc'), 'credentialPluginPolicy: DenyAll\n')
    assert.match(verdict('login', undefined), /may not run: .*\(\/\.kube\/kuberc\)$/)
  })

  it('runs nothing where the file that KUBERC names is missing, or is no YAML', () => {
    assert.match(verdict('login', undefined, { KUBERC: '/nonexistent' }), /^cannot read kuberc \/nonexistent: /)
    assert.match(verdict('login', 'a: [b: c'), /^cannot read kuberc \/kuberc: /)
  })
})
