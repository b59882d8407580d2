import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { iconFolder, iconSizes } from './icons.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const templates = join(root, 'tools/package/linux')

/** Debian's names of processor architectures. */
const architectures = { x64: 'amd64', arm64: 'arm64' }

/**
 * Makes a Debian package of a packed app and the icons in `iconFolder`, using only `dpkg-deb`.
 *
 * @param {string} app  the folder of the packed app
 * @param {{ version: string, description: string }} about
 * @returns the package's path
 */
export function makeDeb(app, { version, description }) {
  const tree = join(root, 'dist/deb')
  rmSync(tree, { recursive: true, force: true })
  layProgram(app, tree)
  layDesktop(tree)
  layDocuments(tree)
  layControl(tree, { version, description })
  const path = join(root, `dist/slerp-studio_${version}_${architectures[process.arch]}.deb`)
  // Debian since 12 and Ubuntu since 22.04 read zstd, which takes seconds where xz takes minutes.
  const options = ['--root-owner-group', '-Zzstd', '-z12', '--build']
  execFileSync('dpkg-deb', [...options, tree, path], { stdio: ['ignore', 'ignore', 'inherit'] })
  rmSync(tree, { recursive: true, force: true })
  return path
}

function write(path, content, mode = 0o644) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  chmodSync(path, mode)
}

function layProgram(app, tree) {
  const program = join(tree, 'opt/slerp-studio')
  mkdirSync(program, { recursive: true })
  // Hard links: dpkg-deb copies the bytes anyway, and copying them here would take longer than the rest.
  execFileSync('cp', ['-al', `${app}/.`, program])
  // Where the kernel forbids unprivileged namespaces, Chromium's sandbox briefly needs root.
  rmSync(join(program, 'chrome-sandbox'))
  cpSync(join(app, 'chrome-sandbox'), join(program, 'chrome-sandbox'))
  chmodSync(join(program, 'chrome-sandbox'), 0o4755)
  mkdirSync(join(tree, 'usr/bin'), { recursive: true })
  symlinkSync('../../opt/slerp-studio/bin/slerp-studio', join(tree, 'usr/bin/slerp-studio'))
}

function layDesktop(tree) {
  const share = join(tree, 'usr/share')
  write(
    join(share, 'applications/slerp-studio.desktop'),
    readFileSync(join(templates, 'slerp-studio.desktop')),
  )
  write(join(share, 'mime/packages/slerp-studio.xml'), readFileSync(join(templates, 'mime.xml')))
  const icons = join(share, 'icons/hicolor')
  for (const size of iconSizes) {
    const png = readFileSync(join(root, iconFolder, `${size}x${size}.png`))
    write(join(icons, `${size}x${size}/apps/slerp-studio.png`), png)
    write(join(icons, `${size}x${size}/mimetypes/application-x-slerp-studio.png`), png)
  }
  write(
    join(icons, 'scalable/apps/slerp-studio.svg'),
    readFileSync(join(root, 'resources/icons/slerp-studio.svg')),
  )
}

function layDocuments(tree) {
  const folder = join(tree, 'usr/share/doc/slerp-studio')
  write(join(folder, 'copyright'), readFileSync(join(templates, 'copyright')))
  write(join(folder, 'changelog.gz'), gzipSync(readFileSync(join(root, 'CHANGELOG.md')), { level: 9 }))
}

function layControl(tree, { version, description }) {
  const files = filesBelow(tree)
  const kibibytes = files.reduce((sum, path) => sum + Math.ceil(lstatSync(join(tree, path)).size / 1024), 0)
  const fields = { version, description, architecture: architectures[process.arch], size: String(kibibytes) }
  const control = readFileSync(join(templates, 'control'), 'utf8').replace(
    /\{(\w+)\}/g,
    (_, name) => fields[name],
  )
  const sums = files
    .filter((path) => lstatSync(join(tree, path)).isFile())
    .map((path) => {
      const sum = createHash('md5')
        .update(readFileSync(join(tree, path)))
        .digest('hex')
      return `${sum}  ${path}\n`
    })
  write(join(tree, 'DEBIAN/control'), control)
  write(join(tree, 'DEBIAN/md5sums'), sums.join(''))
  for (const name of ['postinst', 'prerm'])
    write(join(tree, 'DEBIAN', name), readFileSync(join(templates, name)), 0o755)
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}
