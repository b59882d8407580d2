import { homedir, hostname, userInfo } from 'node:os'
import {
  latentExtensions,
  modelExtensions,
  pictureExtensions,
  projectEnding,
  videoExtensions,
} from '#shared/fileKinds'

/** What identifies the computer and its user. */
export interface Owner {
  readonly home: string
  readonly user: string
  readonly host: string
}

/** Returns what identifies this computer and the user of this program. */
export function thisOwner(): Owner {
  return { home: homedir(), user: userInfo().username, host: hostname() }
}

const quoted = /(["'“])(?:[A-Za-z]:[\\/]|\/|\\\\|~\/)[^"'”\n]*(["'”])/g
const bare = /(?<![\w.:/\\<])(?:[A-Za-z]:[\\/]|\\\\|~?\/)[^\s"'<>|]+/g
const addresses = /\b(?:file|app):\/\/[^\s"'<>]*/g
const endings = [
  ...pictureExtensions,
  ...latentExtensions,
  ...modelExtensions,
  ...videoExtensions,
  projectEnding,
  'json',
]
const files = new RegExp(`[^\\s"'“/\\\\<>()]+\\.(?:${endings.join('|')})\\b`, 'gi')

/**
 * Removes everything from a text that names a place or a person: paths of every system, file URLs, names of
 * pictures and models, the account and the computer.
 */
export function hidePaths(text: string, { home, user, host }: Owner): string {
  const withoutHome = home.length > 1 ? text.replaceAll(home, '/home') : text
  const withoutPaths = withoutHome
    .replace(addresses, '<path>')
    .replace(quoted, '$1<path>$2')
    .replace(bare, '<path>')
    .replace(files, '<file>')
  // Names of one or two letters occur inside ordinary words.
  return [user, host]
    .filter((name) => name.length > 2)
    .reduce((kept, name) => kept.replaceAll(name, '<name>'), withoutPaths)
}
