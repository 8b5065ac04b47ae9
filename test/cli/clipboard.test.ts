import assert from 'node:assert/strict'
import { clipboardWrite } from '../../src/cli/terminal/clipboard.ts'

const COMMAND = '\u001b]52;c;bMO2YW4=\u0007'

describe('what is put where a terminal pastes from', () => {
  it('is said to the terminal in base64, whatever it holds', () =>
    assert.equal(clipboardWrite('lövan', {}), COMMAND.replace('bMO2YW4=', Buffer.from('lövan').toString('base64'))))

  it('inside tmux is said to tmux, and wrapped to the terminal around it', () =>
    assert.equal(
      clipboardWrite('löan', { TMUX: '/tmp/tmux-0/default,1,0', TERM: 'screen-256color' }),
      `${COMMAND}\u001bPtmux;\u001b${COMMAND}\u001b\\`,
    ))

  it('inside GNU screen is wrapped', () =>
    assert.equal(clipboardWrite('löan', { TERM: 'screen' }), `\u001bP${COMMAND}\u001b\\`))
})
