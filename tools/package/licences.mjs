import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const texts = 'tools/package/licences'
const read = (path) => readFileSync(join(root, path), 'utf8')

/** The files of `licences` for packages that bring no text of their own. */
const keptTexts = {
  'onnxruntime-node': ['onnxruntime.txt', 'onnxruntime-notices.txt'],
  'onnxruntime-common': ['onnxruntime.txt'],
  '@bufbuild/protobuf': ['protobuf.txt', 'Apache-2.0.txt', 'protobuf-varint.txt'],
  'heic-decode': ['heic-decode.txt'],
}

/** The licences that a part in Rust may be under, as most crates bring a standard text. */
const standardTexts = ['MIT', 'Apache-2.0', 'MPL-2.0', 'ISC']

/**
 * A part of a package's native file.
 *
 * @typedef {{ name: string; version: string; licence: string; purl: string }} Part
 */

/**
 * Returns the licence of a package in full: its own files, or those kept for it; those of a native file's
 * parts follow.
 *
 * @param {string} name
 * @param {string} folder  relative to the root
 * @param {Part[]} parts
 * @throws Error if there is none
 */
export function licenceText(name, folder, parts) {
  const own = licenceFiles(folder).map((file) => `${folder}/${file}`)
  const found = own.length > 0 ? own : keptFor(name)
  if (found.length === 0)
    throw new Error(
      `${name} is shipped, but has no licence text: add one to ${texts}, and name it in licences.mjs.`,
    )
  return [...found.map(read), ...(parts.length === 0 ? [] : [textOfParts(parts)])].join('\n\n')
}

function licenceFiles(folder) {
  const inside = (name) =>
    readdirSync(join(root, folder, name))
      .filter((file) => /^(licen[cs]e(-\w+)?|copying|notice)(\.(md|txt))?$/i.test(file))
      .map((file) => join(name, file))
  return [...inside('.'), ...(existsSync(join(root, folder, 'libheif-wasm')) ? inside('libheif-wasm') : [])]
}

function keptFor(name) {
  // The packages of the systems are made from the same sources as the one that loads them.
  if (name.startsWith('@napi-rs/canvas-')) return ['node_modules/@napi-rs/canvas/LICENSE']
  return (keptTexts[name] ?? []).map((file) => `${texts}/${file}`)
}

/**
 * Lists the parts of a package's native file from the package's own bill of materials. Its own files and
 * crates, which name no licence, are left out.
 *
 * @param {string} folder  relative to the root
 * @returns {Part[]}
 */
export function nativeParts(folder) {
  const path = `${folder}/sbom.cdx.json`
  if (!existsSync(join(root, path))) return []
  return JSON.parse(read(path))
    .components.filter(({ licenses }) => licenses?.length > 0)
    .map(({ name, version, purl, licenses: [{ expression, license }] }) => ({
      name,
      version,
      purl,
      // Crates of old write "MIT/Apache-2.0".
      licence: (expression ?? license.id ?? license.name).replace(/ ?\/ ?/g, ' OR '),
    }))
}

function textOfParts(parts) {
  const kept = readdirSync(join(root, texts, 'parts')).sort()
  return [
    'Its native file contains Skia, and these parts, which the bill of materials of the package lists:',
    parts.map(({ name, version, licence }) => `${name} ${version}: ${licence}`).join('\n'),
    'The package brings no licence texts of its parts. Those of the parts in C and C++ follow as other programs publish them, which may have other versions of these. After them are the texts of the licences of the parts in Rust, without the lines that name the holders of the copyright: those are with each part on https://crates.io.',
    ...kept.map((file) => `=== ${file.replace('.txt', '')} ===\n\n${read(`${texts}/parts/${file}`)}`),
    ...standardTexts.map((name) => `=== ${name} ===\n\n${read(`${texts}/${name}.txt`)}`),
  ].join('\n\n')
}
