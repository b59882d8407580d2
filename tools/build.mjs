#!/usr/bin/env node
// `npm run build`: builds the program into `out`, and the pages of its Help.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { writeManual } from './manual/index.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { status } = spawnSync(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NODE_ENV: 'production' },
})
if (status === 0) writeManual()
process.exitCode = status ?? 1
