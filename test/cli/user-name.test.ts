import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { userNameOf } from '../../src/cli/user-name.ts'

describe('the name of a user', () => {
  const none = () => undefined
  const { username, uid } = userInfo()

  it('is the one that the list of users has for its number', () => {
    assert.equal(userNameOf(uid, none), username)
    const dir = mkdtempSync(join(tmpdir(), 'users-'))
    const list = join(dir, 'users')
    writeFileSync(list, 'root:x:0:0::/:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\nten:x:10:1:x:/:')
    assert.deepEqual([userNameOf(1000, none, list), userNameOf(10, none, list)], ['ann', 'ten'])
    rmSync(dir, { recursive: true })
  })
  it('is else the one that the system knows', () => {
    const ask = (command: string, words: readonly string[]) => spawnSync(command, words).stdout.toString().trim()
    assert.equal(userNameOf(uid, ask, '/nowhere'), username)
  })
  it('is its number where nobody knows one', () => assert.equal(userNameOf(4242, none, '/nowhere'), 'uid-4242'))
})
