/** Options renamed since earlier versions: the old names still work, but no help mentions them. */

const newFlags: Readonly<Record<string, string>> = {
  '--nodes': '--timestep-spacing',
  '--terminal': '--end',
  '--label': '--conditioning-timestep',
}

/** Old values of `--label`. */
const newWords: Readonly<Record<string, string>> = { source: 'current', destination: 'next' }

/**
 * Replaces the old names in a command line by the current ones.
 *
 * @param args  from the command's name on: arguments after `--` are left alone
 */
export function renameOldFlags(args: readonly string[]): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length
  return args.map((arg, at) => {
    if (at >= end) return arg
    if (args[at - 1] === '--label') return newWords[arg] ?? arg
    const [flag, ...value] = arg.split('=')
    const renamed = flag === '--nodes' && args[0] === 'lab' ? '--timestep-spacings' : newFlags[flag]
    if (renamed === undefined) return arg
    return [renamed, ...value.map((word) => (flag === '--label' ? (newWords[word] ?? word) : word))].join('=')
  })
}
