import assert from 'node:assert/strict'
import { UsageError } from '../../src/cli/command.ts'
import { failureOf, NoGroup } from '../../src/cli/errors.ts'
import { ClusterError, type ClusterErrorReason } from '../../src/cluster/port.ts'
import { TemplateError } from '../../src/view/documents/jsonpath-steps.ts'
import { world } from '../support/objects.ts'
import { runCli } from '../support/cli-context.ts'
import { WORLDS } from '../view/worlds.ts'

const SAID = 'list rollouts in namespace legacy: it is so'

/** Every way a cluster fails, and what a person reads: kubectl's words before a server's refusal. */
const FAILURES: Readonly<Record<ClusterErrorReason, readonly [exit: number, stderr: string]>> = {
  NotFound: [1, `Error from server (NotFound): ${SAID}`],
  AlreadyExists: [1, `Error from server (AlreadyExists): ${SAID}`],
  Conflict: [1, `Error from server (Conflict): ${SAID}`],
  Invalid: [1, `Error from server (Invalid): ${SAID}`],
  Forbidden: [1, `Error from server (Forbidden): ${SAID}`],
  Unauthorized: [1, `Error from server (Unauthorized): ${SAID}`],
  TooManyRequests: [1, `Error from server (TooManyRequests): ${SAID}`],
  Expired: [1, `Error from server (Expired): ${SAID}`],
  ServerError: [1, `Error from server (ServerError): ${SAID}`],
  BadRequest: [1, `Error from server (BadRequest): ${SAID}`],
  Unreachable: [1, `error: ${SAID}`],
  Timeout: [1, `error: ${SAID}`],
  Malformed: [1, `error: ${SAID}`],
  Configuration: [1, `error: ${SAID}`],
  Aborted: [130, 'interrupted'],
}

it('a wrong word is told so that no terminal acts on it', async () => {
  const { exit, stderr } = await runCli(['get-group', '\u009b31m\u202Elaer\u001b[2J'])
  assert.equal(exit, 2)
  assert.match(stderr, /^error: "\\u009b31m\\u202elaer\\u001b\[2J" cannot be a group/)
})

describe('a failure of the cluster', () => {
  for (const [reason, [exit, stderr]] of Object.entries(FAILURES)) {
    const error = new ClusterError(reason as ClusterErrorReason, SAID)

    it(`${reason} comes to ${exit} and a sentence, when the cluster is opened and when it is asked`, async () => {
      for (const done of [
        await runCli(['get-group', 'loan'], { unopened: error }),
        await runCli(['get-group', 'loan'], { fails: (request) => (request === 'list rollouts' ? error : undefined) }),
      ]) {
        assert.deepEqual([done.exit, done.stdout, done.stderr], [exit, '', `${stderr}\n`])
      }
    })
  }

  for (const line of [
    'get-group',
    'check loan',
    'graph loan',
    'promote-all loan --yes',
    'abort-all loan --yes',
    'promote-all loan --dry-run',
  ]) {
    it(`closes the cluster again: ${line}`, async () => {
      const { exit, closed } = await runCli(line.split(' '), {
        fails: (request) => (request === 'list rollouts' ? new ClusterError('ServerError', SAID) : undefined),
      })
      assert.deepEqual([exit, closed], [1, true])
    })
  }

  it('to read anything but Rollouts is a finding where it is forbidden: the rest can still be seen', async () => {
    const { exit, stdout } = await runCli(['get-group', 'loan'], {
      holds: world(WORLDS.ready),
      fails: (request) =>
        request === 'list endpointslices' ? new ClusterError('Forbidden', 'list endpointslices: forbidden') : undefined,
    })
    assert.equal(exit, 0)
    assert.match(stdout, /✖ cannot be judged/)
    assert.match(stdout, /✖ unreadable {2}list endpointslices: forbidden\. Ask for the permissions/)
    assert.match(stdout, /^my-frontend +1\.0 {2}3\/3 +2\.0 {2}3\/3 +- {2}- /m)
  })
})

it("a refusal bears the server's own word for it, as for kubectl", async () => {
  const error = new ClusterError('ServerError', SAID, { status: 500, said: 'InternalError' })
  assert.equal(
    (await runCli(['get-group', 'loan'], { unopened: error })).stderr,
    `Error from server (InternalError): ${SAID}\n`,
  )
})

describe('an error', () => {
  it('of usage names the help that says more', () => {
    assert.deepEqual(failureOf(new UsageError('no'), undefined), {
      exit: 2,
      lines: ['error: no', "See 'kubectl rollouts-group --help'"],
    })
    assert.deepEqual(failureOf(new UsageError('no'), 'check'), {
      exit: 2,
      lines: ['error: no', "See 'kubectl rollouts-group check --help'"],
    })
    assert.deepEqual(failureOf(new UsageError('no', 'graph'), 'check'), {
      exit: 2,
      lines: ['error: no', "See 'kubectl rollouts-group graph --help'"],
    })
  })

  it('of a jsonpath is one of usage', () => assert.equal(failureOf(new TemplateError('no'), 'get-group').exit, 2))

  it('of a group that is not there says it in its own lines', () =>
    assert.deepEqual(failureOf(new NoGroup('error: no group\nLabel them'), 'check'), {
      exit: 1,
      lines: ['error: no group', 'Label them'],
    }))

  it('of our own shows where, and asks for a report', () => {
    const { exit, lines } = failureOf(new TypeError('x is undefined'), 'check')
    assert.equal(exit, 1)
    assert.match(lines.join('\n'), /^internal error: TypeError: x is undefined\n {4}at /)
    assert.equal(lines.at(-1), 'This is a bug; please report it with the command you typed.')
    assert.equal(failureOf('thrown text', 'check').lines[0], 'internal error: thrown text')
  })
})
