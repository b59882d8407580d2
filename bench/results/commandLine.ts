import { basename, isAbsolute } from 'node:path'

/**
 * The command that wrote a page, as the page shows it and a shell takes it: absolute paths are reduced to
 * file names.
 */
export function commandLine(script: string, args: readonly string[]): string {
  const words = args.map((word) => quoted(isAbsolute(word) ? basename(word) : word))
  return [`npm run ${script}`, ...(words.length > 0 ? ['--', ...words] : [])].join(' ')
}

/** Quotes a word that a shell would take apart. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
