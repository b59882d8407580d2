import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The provider for CUDA 13, built of the same release of onnxruntime, as npm has it. */
const cuda13 = {
  package: 'com.github.asus4.onnxruntime.linux-x64-gpu@0.4.9',
  folder: 'package/Plugins/Linux/x64',
  sha256: '2b459e0c17f340c92970c10ed86de4f37a3009f93c14053e6ad4334cbb6be412',
}
export const providerFiles = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so']

/** The release that the providers above belong to: of any other, they would crash or, worse, compute. */
export const runtimeVersion = '1.29.0'

/** SHA-256 of a file, hex. */
export function sha256Of(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** @throws Error when a file is not the one that was looked at when this was written */
export function requireSha256(path, expected) {
  const found = sha256Of(path)
  if (found === expected) return
  throw new Error(
    `${path} is not what it should be: its SHA-256 is ${found}, not ${expected}. Nothing was installed.`,
  )
}

/** Downloads the provider for CUDA 13 (180 MB), checks it, and puts it beside the runtime. */
function installCuda13(binaries) {
  const scratch = mkdtempSync(join(tmpdir(), 'slerp-studio-cuda-'))
  try {
    const args = ['pack', '--silent', '--pack-destination', scratch, cuda13.package]
    const archive = join(scratch, execFileSync('npm', args, { encoding: 'utf8' }).trim().split('\n').at(-1))
    requireSha256(archive, cuda13.sha256)
    const members = providerFiles.map((file) => `${cuda13.folder}/${file}`)
    execFileSync('tar', ['xzf', archive, '-C', scratch, ...members])
    for (const file of providerFiles) {
      // Under its name only when whole: the runtime loads whatever bears it.
      copyFileSync(join(scratch, cuda13.folder, file), join(binaries, `${file}.part`))
      renameSync(join(binaries, `${file}.part`), join(binaries, file))
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** onnxruntime-node's own installer, which takes the files from NuGet. Without a value, its flag means all there are. */
function installCuda12(runtime) {
  const installer = join(runtime, 'script/install.js')
  const { status } = spawnSync(process.execPath, [installer, '--onnxruntime-node-install'], {
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('onnxruntime-node’s own installer failed; its words are above.')
}

/**
 * Puts the CUDA provider of the right version beside onnxruntime-node's library.
 *
 * @param {12 | 13} version  of CUDA
 * @param {string} runtime  folder of onnxruntime-node
 * @throws Error in words for people; then nothing was changed
 */
export function installProvider(version, runtime) {
  const { version: installed } = JSON.parse(readFileSync(join(runtime, 'package.json'), 'utf8'))
  if (installed !== runtimeVersion) {
    throw new Error(
      `onnxruntime-node is ${installed}, and the providers known here are of ${runtimeVersion}: run npm ci.`,
    )
  }
  if (version === 12) installCuda12(runtime)
  else installCuda13(join(runtime, 'bin/napi-v6/linux/x64'))
}
