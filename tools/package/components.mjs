import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { modelTexts } from '../ensureBuilt.mjs'
import { licenceText, nativeParts } from './licences.mjs'
import { shippedPackages } from './shippedPackages.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path) => readFileSync(join(root, path), 'utf8')

/**
 * A component that is shipped.
 *
 * @typedef {object} Component
 * @property {string} name
 * @property {string} version
 * @property {string} licence  its SPDX expression
 * @property {string} text  the full licence, or where to find it
 * @property {import('./licences.mjs').Part[]} [parts]  of its native file
 * @property {'library' | 'framework' | 'data' | 'machine-learning-model'} type
 * @property {string} [purl]  its package URL
 * @property {string} [integrity]  of its archive, as in npm's lock file
 */

/**
 * Lists everything shipped that others made: packages in and outside the build, Electron, font, model,
 * pictures.
 *
 * @returns {Component[]}
 * @throws Error if a package has no licence text
 */
export function shippedComponents() {
  const bundled = ['main', 'preload', 'renderer'].flatMap((part) => {
    const path = `out/${part}/packages.json`
    return existsSync(join(root, path)) ? JSON.parse(read(path)) : []
  })
  const kept = Object.keys(shippedPackages(process.platform, process.arch)).map(
    (name) => `node_modules/${name}`,
  )
  const { packages: locked } = JSON.parse(read('package-lock.json'))
  const folders = [...new Set([...bundled, ...kept])].sort()
  const described = folders.map((folder) => describePackage(folder, locked[folder]))
  return [...withoutCopies(described), electron(), ...ours()]
}

/** Keeps the first of equal packages: npm nests copies of one where the root has another version. */
function withoutCopies(packages) {
  return [...new Map(packages.map((component) => [component.purl, component])).values()]
}

function describePackage(folder, locked) {
  const { name, version, license } = JSON.parse(read(`${folder}/package.json`))
  const parts = nativeParts(folder)
  return {
    name,
    version,
    licence: typeof license === 'string' ? license : (license?.type ?? 'NOASSERTION'),
    text: licenceText(name, folder, parts),
    parts,
    type: 'library',
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    integrity: locked?.integrity,
  }
}

function electron() {
  const atHand = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const described = JSON.parse(read('node_modules/electron/package.json')).version
  const version = atHand ? readFileSync(join(atHand, 'version'), 'utf8').trim().replace(/^v/, '') : described
  return {
    name: 'electron',
    version,
    licence: 'MIT',
    text: `${read('node_modules/electron/LICENSE')}\nThe licences of Chromium and of Node, which are in it, are in LICENSES.chromium.html, in the folder of the installed program.`,
    type: 'framework',
    purl: `pkg:npm/electron@${version}`,
  }
}

/** What is in `resources`. */
function ours() {
  const { version } = JSON.parse(read('package.json'))
  const derived =
    'Creative Commons Attribution-ShareAlike 4.0 International: https://creativecommons.org/licenses/by-sa/4.0/legalcode'
  const models = modelTexts(root).map((path) => ({
    name: basename(dirname(path)),
    version,
    licence: 'CC-BY-SA-4.0',
    text: `${derived}\n\n${read(path)}`,
    type: 'machine-learning-model',
  }))
  return [
    ...models,
    {
      name: 'sample pictures',
      version,
      licence: 'CC-BY-SA-4.0',
      text: `${derived}\n\n${read('resources/samples/README.md')}`,
      type: 'data',
    },
    {
      name: 'Inter (for figures)',
      version,
      licence: 'OFL-1.1',
      text: read('resources/fonts/LICENSE.txt'),
      type: 'data',
    },
  ]
}
