#!/usr/bin/env node
// `npm start`: builds if needed and opens the app; if no window is possible, runs the headless demo instead,
// so that the command always ends with something to look at.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  crashedAtOnce,
  electronArguments,
  findElectron,
  hasDisplay,
  sandboxObstacleOf,
} from './electronRuntime.mjs'
import { ensureBuiltOrExit } from './ensureBuilt.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Exit code of a shell or the loader if a program could not run at all: a system library is missing. */
const cannotRun = 127

/** @returns {Promise<{ code: number, crashed: boolean }>} the loader's exit code if the program never ran */
function run(program, args) {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit' })
    // Ctrl-C reaches the program too, which may have files to finish: waits for it to end.
    process.on('SIGINT', () => undefined)
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.on('error', () => resolve({ code: cannotRun, crashed: false }))
    child.on('exit', (code, signal) => {
      const crashed = crashedAtOnce(signal, performance.now() - startedAt)
      resolve({ code: code ?? (signal === 'SIGINT' ? 0 : 1), crashed })
    })
  })
}

async function runDemo(reason) {
  console.log(`No window, because ${reason}: running the headless demo instead (npm run demo).`)
  return (await run(process.execPath, [join(root, 'bin/slerp-studio.mjs'), 'demo'])).code
}

async function runApp() {
  if (!hasDisplay()) return runDemo('there is no display')
  const electron = await findElectron()
  if ('reason' in electron) return runDemo(electron.reason)
  const own = electronArguments()
  if (own.includes('--no-sandbox')) console.log('Running as root: Chromium’s sandbox is off.')
  const args = [...own, ...process.argv.slice(2)]
  const { code, crashed } = await run(electron.path, args)
  if (code === cannotRun) return runDemo('Electron cannot run here: a system library is missing')
  // Only now: whether the sandbox starts cannot be told for certain from outside.
  const obstacle = crashed && !args.includes('--no-sandbox') ? sandboxObstacleOf(electron.path) : null
  return obstacle === null ? code : runDemo(obstacle)
}

await ensureBuiltOrExit()
process.exitCode = await runApp()
