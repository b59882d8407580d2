/** The switch for a command without a window, passed by `tools/package/linux/slerp-studio`. */
const commandSwitch = '--command-line'

/**
 * Returns the arguments of a command to run without a window: those after `--`, which Chromium does not parse
 * for switches. Null if the window is wanted.
 */
export function commandArguments(argv: readonly string[]): readonly string[] | null {
  const end = argv.indexOf('--')
  return argv.slice(0, Math.max(0, end)).includes(commandSwitch) ? argv.slice(end + 1) : null
}
