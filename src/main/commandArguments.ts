/** The switch for a command without a window: `tools/package/linux/slerp-studio` passes it. */
const commandSwitch = '--command-line'

/**
 * The arguments of a command that is to run without a window: what stands after `--`, where Chromium looks for no
 * switches. Null when the window is asked for.
 */
export function commandArguments(argv: readonly string[]): readonly string[] | null {
  const end = argv.indexOf('--')
  return argv.slice(0, Math.max(0, end)).includes(commandSwitch) ? argv.slice(end + 1) : null
}
