/**
 * What puts text where a terminal pastes from (xterm, Operating System Command 52): the terminal in front of the person
 * does it, through ssh, too. Inside tmux it is said to tmux (set-clipboard) and, wrapped, to the terminal around it
 * (allow-passthrough); GNU screen hands on what is wrapped.
 */
export function clipboardWrite(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const command = `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`
  if (env.TMUX) return `${command}\u001bPtmux;${command.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`
  return env.TERM?.startsWith('screen') ? `\u001bP${command}\u001b\\` : command
}
