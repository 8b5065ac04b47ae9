import { existsSync } from 'node:fs'
import type { Stream } from './stream.ts'

/** Lets the process go on where its working directory has been removed: no name is found in it, and nothing else needs it. */
export function workingDirectory(): void {
  try {
    process.cwd()
  } catch {
    process.cwd = () => '/'
  }
}

/**
 * Ends the process with a command's exit code, at once; 1 in place of 0 where what was asked for could not be written.
 */
export function finish(exit: number, stdout: Stream, stderr: Stream): void {
  const lost = stdout.lost()
  if (lost !== undefined) stderr.write(`error: standard output could not be written: ${lost}\n`)
  process.exitCode = exit === 0 && lost !== undefined ? 1 : exit
  // What was read from a terminal would keep the process alive.
  if (process.stdin.isTTY) process.stdin.unref()
  // A name that the C library still looks up would keep it, too, for as long as a name server is silent; no call takes that back.
  if (process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap') && existsSync('/bin/sh')) {
    process.execve?.('/bin/sh', ['sh', '-c', `exit ${process.exitCode}`], {})
  }
}
