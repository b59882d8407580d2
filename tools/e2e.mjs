#!/usr/bin/env node
// Runs the end-to-end tests in a real Electron, on a virtual display if there is no other. If anything they
// need is missing, prints a loud notice, or with SLERP_REQUIRE_E2E=1 fails.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
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
  const chosen = process.argv.slice(2)
  // Apps that share a display share its clipboard and focus too, so each concurrent run gets its own display.
  const shards = chosen.length > 0 || display.length === 0 || availableParallelism() < 2 ? 1 : 2
  const statuses = await Promise.all(
    Array.from({ length: shards }, (_, i) => runPlaywright(display, chosen, `${i + 1}/${shards}`)),
  )
  return Math.max(...statuses)
}

/** Runs a shard of the tests, such as 1/2, and returns the exit code. */
function runPlaywright(display, chosen, shard) {
  const playwright = [process.execPath, 'node_modules/@playwright/test/cli.js', 'test', `--shard=${shard}`]
  const [program, ...args] = [...display, ...playwright, ...chosen]
  const env = { ...process.env, SLERP_E2E_REPORT: `e2e-${shard.split('/')[0]}` }
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', env })
  return new Promise((settle) => child.on('close', (code) => settle(code ?? 1)))
}

process.exitCode = await runTests()
