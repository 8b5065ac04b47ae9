import { accessSync, constants, existsSync, realpathSync, statSync, symlinkSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { EXIT } from '../../domain/run/outcome.ts'
import { fileFailure } from '../../text/file-failure.ts'
import { type Command, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { text } from '../line/arguments.ts'
import { INSTALLING } from '../line/options.ts'
import { writeLines } from '../terminal/output.ts'

const PLUGIN = 'kubectl-rollouts_group'
/** The name under which kubectl looks for a plugin's completions (kubectl, pkg/cmd/plugin/plugin_completion.go). */
const COMPLETER = 'kubectl_complete-rollouts_group'

/** `completion [install]`: what kubectl lacks to complete these commands, and the link that it lacks. */
export const completion: Command = {
  options: INSTALLING,
  examples: [
    ['completion', 'what there is, and what is missing'],
    ['completion install', 'say what is done, and do it'],
  ],
  notes:
    'kubectl completes a plugin from version 1.26 on, where its own completion is loaded: ' +
    'source <(kubectl completion bash), or zsh, fish, powershell.',
  async run(args, context) {
    const deed = text(args, 'install')
    if (deed !== undefined && deed !== 'install') throw new UsageError(`${JSON.stringify(deed)} is not install`)
    const found = onPath(COMPLETER, context)
    if (found !== undefined) {
      writeLines(context.stdout, [`kubectl finds ${found}: nothing is missing.`, LOADED])
      return EXIT.done
    }
    const link = linkFor(context, text(args, 'dir'))
    writeLines(context.stdout, [`kubectl asks ${COMPLETER} for completions, and does not find it on the PATH.`])
    if (deed === undefined) {
      writeLines(context.stdout, [`To link ${link.at} to ${link.to}:  kubectl rollouts-group completion install`])
      return EXIT.done
    }
    writeLines(context.stdout, [`Linking ${link.at} to ${link.to}.`])
    try {
      symlinkSync(link.to, link.at)
    } catch (error) {
      writeLines(context.stderr, [
        `error: ${fileFailure(error, link.at)}`,
        'Choose a directory of your PATH that you may write to:  kubectl rollouts-group completion install --dir DIR',
      ])
      return EXIT.failed
    }
    writeLines(context.stdout, [LOADED])
    return EXIT.done
  },
}

const LOADED = 'Where kubectl completes itself (source <(kubectl completion bash)), try: kubectl rollouts-group <TAB>'

/**
 * Beside the plugin, or in the directory that is wanted; to the program that comes with it, or to the plugin itself.
 */
function linkFor(context: CliContext, dir: string | undefined): { readonly at: string; readonly to: string } {
  const plugin = onPath(PLUGIN, context)
  if (plugin === undefined)
    throw new UsageError(`${PLUGIN} is not on the PATH: kubectl finds neither it nor its completions there`)
  const companion = join(dirname(realpathSync(plugin)), COMPLETER)
  const to = existsSync(companion) ? companion : plugin
  return { at: join(dir ?? dirname(plugin), COMPLETER), to: dir === undefined && to === plugin ? basename(to) : to }
}

/** The first of a name on the PATH that can be run. */
function onPath(name: string, { env }: CliContext): string | undefined {
  const names = env.PATHEXT === undefined ? [name] : env.PATHEXT.split(delimiter).map((each) => `${name}${each}`)
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((each) => each !== '')
    .flatMap((folder) => names.map((each) => join(folder, each)))
    .find(isProgram)
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
