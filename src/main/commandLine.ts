import { app } from 'electron'
import { rmSync } from 'node:fs'
import { findInstallation } from '#files/installation'
import { makeTemporaryFolder } from '#files/temporaryFolder'
import { toFailure } from '#shared/errors'
import { runCommandLine } from '../cli/commandLine'
import { exitCodeOf } from '../cli/exitCodes'
import { printFailure } from '../cli/terminal'
import { forkUtilityEngine } from './utilityEngine'

/**
 * Runs one command in the installed app and exits with its code. Node itself is not available, because the
 * fuse that lets Electron run as Node is off. Never throws: Electron would warn, and run on for ever.
 */
export async function runCommand(args: readonly string[]): Promise<void> {
  let code: number
  try {
    code = await runWithProfile(args)
  } catch (error) {
    const failure = toFailure(error)
    printFailure(failure, args.includes('--json'))
    code = exitCodeOf(failure)
  }
  app.exit(code)
}

/** Chromium keeps a profile even without a window; the window's own must not be shared. */
async function runWithProfile(args: readonly string[]): Promise<number> {
  const profile = makeTemporaryFolder('slerp-studio-')
  try {
    app.setPath('userData', profile)
    app.disableHardwareAcceleration()
    // Once the command listens for interrupts, it finishes its step first; Chromium would quit at once.
    app.on('before-quit', (event) => {
      if (process.listenerCount('SIGINT') > 0) event.preventDefault()
    })
    await app.whenReady()
    return await runCommandLine(args, {
      ...findInstallation(),
      fork: (entry, log, allowTf32) => forkUtilityEngine(entry, log ?? print, allowTf32),
    })
  } finally {
    removeProfile(profile)
  }
}

/** A profile that stays behind is no failure of the command. */
function removeProfile(profile: string): void {
  try {
    rmSync(profile, { recursive: true, force: true })
  } catch {
    // The system empties its temporary folder.
  }
}

function print(text: string): void {
  process.stderr.write(text)
}
