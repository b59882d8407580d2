/** Options that earlier versions had under other names: they go on working, and no help mentions them. */

const newFlags: Readonly<Record<string, string>> = {
  '--nodes': '--timestep-spacing',
  '--terminal': '--end',
  '--label': '--conditioning-timestep',
}

/** Words of `--label`. */
const newWords: Readonly<Record<string, string>> = { source: 'current', destination: 'next' }

/**
 * Gives a command line of an earlier version the names of today.
 *
 * @param args  from the command's name on: those after a `--` are left alone
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
