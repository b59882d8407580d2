#!/usr/bin/env node
// Runs the end-to-end tests in a real Electron, on a virtual display where there is no other. What they need and is not
// there is a loud notice, and with SLERP_REQUIRE_E2E=1 a failure.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { displayCommand } from './display.mjs'
import { findElectron } from './electronRuntime.mjs'
import { ensureBuilt } from './ensureBuilt.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
function giveUp(reason) {
  const required = process.env.SLERP_REQUIRE_E2E === '1'
  console.error(`\n${'='.repeat(80)}\nThe end-to-end tests did NOT run: ${reason}.\n${'='.repeat(80)}\n`)
  return required ? 1 : 0
}

async function runTests() {
  const display = displayCommand()
  if (display === null) return giveUp('there is no display, and no xvfb-run to make one')
  const electron = await findElectron()
  if ('reason' in electron) return giveUp(electron.reason)
  await ensureBuilt()
  const playwright = [process.execPath, 'node_modules/@playwright/test/cli.js', 'test']
  const [program, ...args] = [...display, ...playwright, ...process.argv.slice(2)]
  return spawnSync(program, args, { cwd: root, stdio: 'inherit' }).status ?? 1
}

process.exitCode = await runTests()
