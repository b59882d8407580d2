import { app } from 'electron'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findInstallation } from '#files/installation'
import { runCommandLine } from '../cli/commandLine'
import { forkUtilityEngine } from './utilityEngine'

/**
 * Runs one command in the installed app and ends with its exit code. There is no Node to run it in: the fuse that would
 * make one of the app is off.
 */
export async function runCommand(args: readonly string[]): Promise<void> {
  // Chromium keeps a profile, also where there is no window. The window's own belongs to the window.
  const profile = mkdtempSync(join(tmpdir(), 'slerp-studio-'))
  app.setPath('userData', profile)
  app.disableHardwareAcceleration()
  // An interrupt belongs to the command once that listens, and it finishes its step; Chromium would quit at once.
  app.on('before-quit', (event) => {
    if (process.listenerCount('SIGINT') > 0) event.preventDefault()
  })
  await app.whenReady()
  const code = await runCommandLine(args, {
    ...findInstallation(),
    fork: (entry, log, allowTf32) => forkUtilityEngine(entry, log ?? print, allowTf32),
  })
  rmSync(profile, { recursive: true, force: true })
  app.exit(code)
}

function print(text: string): void {
  process.stderr.write(text)
}
