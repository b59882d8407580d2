import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Debian's user `nobody`, who owns no files. */
const nobody = 65534
const isRoot = process.getuid?.() === 0
const repository = resolve('.')

/** Everything on the app's PATH: the tools that its launcher uses. Node is not among them. */
const tools = ['sh', 'dirname', 'readlink']

/** The result of a finished program. */
export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The Debian package's tree in an otherwise empty folder, with a user who is not root. */
export interface InstalledApp {
  /** Stands in for `/`. */
  readonly root: string
  readonly program: string
  /** The user's home folder. */
  readonly home: string
  /** Why the repository is still visible, if it is. */
  readonly sight: string | null
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Finished
  start(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess
}

/** The package that `npm run package` made. */
export function findDeb(): string {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const debs = existsSync('dist') ? readdirSync('dist') : []
  const deb = debs.find((name) => name.startsWith(`slerp-studio_${version}_`))
  if (deb === undefined)
    throw new Error(`There is no Debian package of ${version} in dist: npm run package makes it.`)
  return resolve('dist', deb)
}

/** Unpacks the package as `dpkg` would, but into a folder. */
export function installApp(): InstalledApp {
  const folder = mkdtempSync(join(tmpdir(), 'installed-'))
  chmodSync(folder, 0o755)
  const [root, home, path] = ['root', 'home', 'bin'].map((name) => join(folder, name))
  execFileSync('dpkg-deb', ['--extract', findDeb(), root])
  for (const made of [home, path]) mkdirSync(made)
  for (const tool of tools)
    symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(path, tool))
  if (isRoot) chownSync(home, nobody, nobody)
  const base = { HOME: home, PATH: path, TMPDIR: home, LANG: 'C.UTF-8', ...displayFor(home) }
  const sight = reasonOfSight()
  const wrapped = (program: string, args: readonly string[]): [string, string[]] => {
    const person = isRoot ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : []
    const hidden = sight === null ? ['unshare', '--mount', 'sh', '-c', hide, 'sh', repository] : []
    const [first, ...rest] = [...hidden, ...person, program, ...args]
    return [first, rest]
  }
  const launcher = join(root, 'usr/bin/slerp-studio')
  return {
    root,
    program: join(root, 'opt/slerp-studio/slerp-studio'),
    home,
    sight,
    run(args, env = {}) {
      const [first, rest] = wrapped('env', ['-i', ...assignments({ ...base, ...env }), launcher, ...args])
      const { status, stdout, stderr } = spawnSync(first, rest, {
        cwd: home,
        encoding: 'utf8',
        timeout: 120_000,
      })
      return { code: status, stdout, stderr }
    },
    start(program, args, env = {}) {
      const [first, rest] = wrapped('env', ['-i', ...assignments({ ...base, ...env }), program, ...args])
      return spawn(first, rest, { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] })
    },
  }
}

/** Mounts an empty file system over the repository, for this program and its children, and continues. */
const hide = 'mount -t tmpfs none "$1" && shift && cd "$HOME" 2>/dev/null; exec "$@"'

function reasonOfSight(): string | null {
  if (!isRoot) return 'only root can hide a folder'
  const { status } = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', repository])
  return status === 0 ? null : 'this machine lets nobody hide a folder'
}

const assignments = (env: NodeJS.ProcessEnv): string[] =>
  Object.entries(env).map(([name, value]) => `${name}=${value}`)

/** The display of these tests, with its key readable for the user. */
function displayFor(home: string): NodeJS.ProcessEnv {
  const { DISPLAY, XAUTHORITY } = process.env
  if (DISPLAY === undefined) return {}
  if (XAUTHORITY === undefined) return { DISPLAY }
  const key = join(home, '.Xauthority')
  copyFileSync(XAUTHORITY, key)
  if (isRoot) chownSync(key, nobody, nobody)
  return { DISPLAY, XAUTHORITY: key }
}
