import { app } from 'electron'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findInstallation } from '#files/installation'
import { runCommandLine } from '../cli/commandLine'
import { forkUtilityEngine } from './utilityEngine'

/**
 * Runs one command in the installed app and exits with its code. Node itself is not available, because the
 * fuse that lets Electron run as Node is off.
 */
export async function runCommand(args: readonly string[]): Promise<void> {
  // Chromium keeps a profile even without a window; the window's own must not be shared.
  const profile = mkdtempSync(join(tmpdir(), 'slerp-studio-'))
  app.setPath('userData', profile)
  app.disableHardwareAcceleration()
  // Once the command listens for interrupts, it finishes its step first; Chromium would quit at once.
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
