#!/usr/bin/env node
// `npm run setup:cuda`: the same as `slerp-studio setup-cuda`. `-- --cuda 12` sets up CUDA 12 instead, with
// onnxruntime-node's own installer, which downloads the provider from NuGet into its own package.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const cli = fileURLToPath(new URL('../bin/slerp-studio.mjs', import.meta.url))

const run = (script, ...args) =>
  spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' }).status ?? 1

/** Without a value, the installer's flag means everything available. */
function installCuda12() {
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-node/script/install.js')
  return run(runtime, '--onnxruntime-node-install')
}

const { cuda = '13' } = parseArgs({ options: { cuda: { type: 'string' } } }).values
if (cuda === '12') process.exitCode = installCuda12() || run(cli, 'devices')
else if (cuda === '13') process.exitCode = run(cli, 'setup-cuda')
else {
  console.error('Give --cuda 12 or --cuda 13.')
  process.exitCode = 2
}
