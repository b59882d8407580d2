#!/usr/bin/env node
// `npm run test:package`: tests what `npm run package` made, on a virtual display if there is no other.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { displayCommand } from './display.mjs'

const display = displayCommand()
if (display === null) throw new Error('There is no display, and no xvfb-run to make one.')
const vitest = [
  process.execPath,
  'node_modules/vitest/vitest.mjs',
  'run',
  '--config',
  'vitest.package.config.ts',
]
const [program, ...args] = [...display, ...vitest, ...process.argv.slice(2)]
const root = fileURLToPath(new URL('..', import.meta.url))
process.exitCode = spawnSync(program, args, { cwd: root, stdio: 'inherit' }).status ?? 1
