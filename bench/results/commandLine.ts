import { basename, isAbsolute } from 'node:path'

/** The command that wrote a page, as the page shows it: absolute paths are reduced to file names. */
export function commandLine(script: string, args: readonly string[]): string {
  const words = args.map((word) => (isAbsolute(word) ? basename(word) : word))
  return [`npm run ${script}`, ...(words.length > 0 ? ['--', ...words] : [])].join(' ')
}
