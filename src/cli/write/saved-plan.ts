import { readFile } from 'node:fs/promises'
import { ACTIONS } from '../../domain/actions/actions.ts'
import { GOALS } from '../../domain/actions/goals.ts'
import type { Verb } from '../../domain/intent.ts'
import { at, fields, list, text as textOf } from '../../domain/objects/fields.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { fileFailure } from '../../text/file-failure.ts'
import { type Arguments, UsageError } from '../command.ts'
import { text } from '../line/arguments.ts'
import { PLAN_FLAGS } from '../line/options.ts'

/** What was said on the command line of what a plan is to be, by flag: it is saved with the plan. */
export function planFlags(args: Arguments): SavedFlags {
  return Object.fromEntries(
    PLAN_FLAGS.flatMap((name) => {
      const said = given(args, name)
      return said === undefined ? [] : [[name, said]]
    }),
  )
}

/** A plan of a file, and the command line with the flags it was saved with. */
export interface SavedPlan {
  readonly file: string
  readonly plan: Plan
  readonly args: Arguments
}

/**
 * The plan of `--plan FILE`, as `--dry-run -o json|yaml` saved it; `-` is standard input.
 * @throws UsageError where the file is none, is of another verb or group, or was saved with other flags than are given
 */
export async function savedPlan(args: Arguments, verb: Verb): Promise<SavedPlan | undefined> {
  const file = text(args, 'plan')
  if (file === undefined) return undefined
  const plan = await parsed(file)
  if (
    at(plan, 'apiVersion') !== 'rollouts-group/v1' ||
    at(plan, 'kind') !== 'Plan' ||
    !list(at(plan, 'waves')).every((wave) => list(wave).every(isStep))
  ) {
    throw new UsageError(`${file} is no plan; save one with --dry-run -o json`)
  }
  const found = plan as Plan
  for (const { member, action, until } of found.waves.flat()) {
    const strange = Object.hasOwn(ACTIONS, action)
      ? Object.hasOwn(GOALS, until.kind)
        ? undefined
        : until.kind
      : action
    if (strange !== undefined)
      throw new UsageError(`${file} asks for ${strange} of ${member}, which this version does not know`)
  }
  if (found.verb !== verb) throw new UsageError(`${file} is a plan of ${String(found.verb)}, not of ${verb}`)
  if (found.group !== (text(args, 'group') ?? text(args, 'selector')))
    throw new UsageError(`${file} is a plan of group ${String(found.group)}`)
  return { file, plan: found, args: { ...args, ...flagsOf(file, at(plan, 'options'), args) } }
}

/** The flags a plan was saved with. @throws UsageError where one is given that differs: it would make another plan */
function flagsOf(file: string, options: unknown, args: Arguments): SavedFlags {
  const saved = fields(options)
  const unknown = Object.keys(saved).find(
    (name) => !PLAN_FLAGS.includes(name) || !['string', 'boolean'].includes(typeof saved[name]),
  )
  if (unknown !== undefined)
    throw new UsageError(`${file} was saved with --${unknown}, which this version does not know`)
  for (const name of PLAN_FLAGS) {
    const said = given(args, name)
    const before = saved[name] ?? UNSAID[name] ?? false
    if (said === undefined || said === before) continue
    throw new UsageError(
      `--${name} is not what ${file} was saved with ` +
        `(${before === false ? 'without it' : before === true ? 'with it' : `--${name}=${String(before)}`}): ` +
        'leave it out, or save another plan',
    )
  }
  return saved as SavedFlags
}

type SavedFlags = Readonly<Record<string, string | boolean>>

/** What a flag says that nobody has given. */
const UNSAID: SavedFlags = { drain: 'pods' }

function given(args: Arguments, name: string): string | boolean | undefined {
  const last: unknown = [args[name]].flat().at(-1)
  return typeof last === 'boolean' ? last : last === undefined || last === '' ? undefined : String(last)
}

function isStep(step: unknown): boolean {
  return [
    ['member'],
    ['action'],
    ['from', 'version', 'text'],
    ['from', 'hash'],
    ['to', 'version', 'text'],
    ['to', 'hash'],
    ['expect', 'uid'],
    ['until', 'kind'],
    ['until', 'hash'],
  ].every((path) => textOf(at(step, ...path)) !== undefined)
}

async function parsed(file: string): Promise<unknown> {
  const from = file === '-' ? '/dev/stdin' : file
  const content = await readFile(from, 'utf8').catch((error: unknown) => {
    throw new UsageError(`the plan cannot be read: ${fileFailure(error, from)}`)
  })
  try {
    const { readYaml } = await import('../../cluster/yaml.ts')
    return readYaml(content)
  } catch (error) {
    throw new UsageError(`${file} cannot be read as a plan: ${(error as Error).message.split('\n')[0]}`)
  }
}
