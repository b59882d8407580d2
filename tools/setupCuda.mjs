#!/usr/bin/env node
// `npm run setup:cuda`: finds the CUDA of this machine, fetches onnxruntime's provider for it, and has it prove itself.
// `-- --cuda 12` or `-- --cuda 13` chooses the version instead.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chooseCuda, findCuda } from './cuda/findCuda.mjs'
import { installProvider, providerFiles, sha256Of } from './cuda/installProvider.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))

function readVersion() {
  const { cuda } = parseArgs({ options: { cuda: { type: 'string' } } }).values
  if (cuda !== undefined && cuda !== '12' && cuda !== '13') throw new Error('Give --cuda 12 or --cuda 13.')
  return cuda === undefined ? null : Number(cuda)
}

function describe({ driver, missing }) {
  console.log(
    driver
      ? `Driver ${driver.driver}, serves CUDA up to ${driver.newestCuda}.`
      : 'No NVIDIA driver was found.',
  )
  for (const version of [12, 13]) {
    const lacks = missing[version]
    console.log(
      `CUDA ${version}: ${lacks.length === 0 ? 'all libraries found' : `lacks ${lacks.join(', ')}`}.`,
    )
  }
}

/** Has the provider run the known network, as the app does before it counts. */
function prove() {
  const cli = join(root, 'bin/slerp-studio.mjs')
  const { stdout, stderr } = spawnSync(process.execPath, [cli, 'devices', '--json'], { encoding: 'utf8' })
  try {
    return JSON.parse(stdout).devices.find(({ provider }) => provider === 'cuda')
  } catch {
    throw new Error(`The devices could not be checked: ${stderr.trim()}`)
  }
}

function setUp() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `onnxruntime-node has CUDA on Linux x64 only, and this is ${process.platform} on ${process.arch}.`,
    )
  }
  const found = findCuda()
  describe(found)
  const version = readVersion() ?? chooseCuda(found)
  if (version === null) {
    throw new Error(
      'There is no NVIDIA driver of CUDA 12 or later: install it, start the computer anew, and try again.',
    )
  }
  console.log(`Fetching the provider for CUDA ${version} …`)
  installProvider(version, runtime)
  for (const file of providerFiles) {
    console.log(`${file}: SHA-256 ${sha256Of(join(runtime, 'bin/napi-v6/linux/x64', file))}`)
  }
  const { proved, device, deviation, milliseconds, reason, remedy } = prove()
  if (!proved)
    throw new Error([`It is installed, but does not work yet. ${reason}`, remedy].filter(Boolean).join(' '))
  console.log(
    `CUDA works: ${device}, ${milliseconds.toFixed(2)} ms, ${deviation.toExponential(1)} from the CPU’s answer.`,
  )
}

try {
  setUp()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
