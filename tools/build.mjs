#!/usr/bin/env node
// `npm run build`: builds the program into `out`, and the pages of its Help; with "program" or "help", only that.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { writeManual } from './manual/index.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const part = process.argv[2]

/** @returns {number} exit code */
function buildProgram() {
  const builder = 'node_modules/electron-vite/bin/electron-vite.js'
  const { status } = spawnSync(process.execPath, [builder, 'build'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  return status ?? 1
}

const code = part === 'help' ? 0 : buildProgram()
if (code === 0 && part !== 'program') writeManual()
process.exitCode = code
