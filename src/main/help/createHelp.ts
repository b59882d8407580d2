import { app, dialog, shell, type BrowserWindow } from 'electron'
import { readFile } from 'node:fs/promises'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { findRuntime, type Installation } from '#files/installation'
import type { Devices } from '#host/devices/Devices'
import { latestRelease } from '#host/latestRelease'
import type { EnginePort } from '#shared/engineMessages'
import { StudioError } from '#shared/errors'
import type { About } from '#shared/help'
import type { AppData } from '../appData'
import { engineLogName } from '../engineLog'
import type { HandlersOf } from '../ipc/handlers'
import { helpHandlers } from '../ipc/helpHandlers'
import { writeDiagnostics } from './diagnostics'
import { thisOwner } from './hidePaths'
import { showManual } from './manualWindow'

export interface HelpParts {
  readonly window: BrowserWindow
  readonly installation: Installation
  readonly devices: Pick<Devices, 'known'>
  readonly data: Pick<AppData, 'preferences'>
  readonly startDownload: () => EnginePort
}

/** Creates the handlers of the Help menu. */
export function createHelp(parts: HelpParts): HandlersOf<'help'> {
  const { window, installation, devices, data, startDownload } = parts
  const about = aboutApp(installation.version)
  const logFolder = app.getPath('logs')
  const { version, kind } = installation
  return helpHandlers({
    dialog,
    shell,
    window,
    logFolder,
    documentsFolder: app.getPath('documents'),
    about: () => Promise.resolve(about),
    showManual: (page) => showManual(page, kind !== 'app'),
    latestRelease: () => {
      if (data.preferences.value.downloads) return latestRelease(startDownload, version)
      throw new StudioError(
        'FORBIDDEN',
        'Downloads are switched off, and this would ask a server: switch them on under Models.',
      )
    },
    diagnostics: async () =>
      writeDiagnostics({
        about,
        system: describeSystem(kind),
        devices: await devices.known(),
        preferences: data.preferences.value,
        log: await readFile(join(logFolder, engineLogName), 'utf8').catch(() => ''),
        owner: thisOwner(),
      }),
  })
}

function aboutApp(version: string): About {
  const { electron, chrome, node } = process.versions
  return {
    version,
    parts: [
      { name: 'Electron', version: electron },
      { name: 'Chromium', version: chrome },
      { name: 'Node', version: node },
      { name: 'onnxruntime', version: findRuntime().version },
    ],
  }
}

function describeSystem(kind: Installation['kind']): string[] {
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0)
  return [
    `${platform()} ${release()}, ${arch()}`,
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${gigabytes} GiB`,
    `installed as ${kind}`,
  ]
}
