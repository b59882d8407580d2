#!/usr/bin/env node
// `npm start`: builds if needed and opens the app; if no window is possible, runs the headless demo instead,
// so that the command always ends with something to look at.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { electronArguments, findElectron, hasDisplay, sandboxObstacleOf } from './electronRuntime.mjs'
import { ensureBuilt } from './ensureBuilt.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Exit code of a shell or the loader if a program could not run at all: a system library is missing. */
const cannotRun = 127

/** @returns {Promise<number>} exit code; the loader's if the program never ran */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit' })
    // Ctrl-C reaches the program too, which may have files to finish: waits for it to end.
    process.on('SIGINT', () => undefined)
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.on('error', () => resolve(cannotRun))
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 0 : 1)))
  })
}

function runDemo(reason) {
  console.log(`No window, because ${reason}: running the headless demo instead (npm run demo).`)
  return run(process.execPath, [join(root, 'bin/slerp-studio.mjs'), 'demo'])
}

async function runApp() {
  if (!hasDisplay()) return runDemo('there is no display')
  const electron = await findElectron()
  if ('reason' in electron) return runDemo(electron.reason)
  const own = electronArguments()
  if (own.includes('--no-sandbox')) console.log('Running as root: Chromium’s sandbox is off.')
  const args = [...own, ...process.argv.slice(2)]
  const obstacle = args.includes('--no-sandbox') ? null : sandboxObstacleOf(electron.path)
  if (obstacle !== null) return runDemo(obstacle)
  const code = await run(electron.path, args)
  return code === cannotRun ? runDemo('Electron cannot run here: a system library is missing') : code
}

await ensureBuilt()
process.exitCode = await runApp()
