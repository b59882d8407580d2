import type { Preferences } from '#shared/app'
import type { DeviceReport } from '#shared/devices'
import type { About } from '#shared/help'
import { hidePaths, type Owner } from './hidePaths'

/** The contents of a problem report. */
export interface DiagnosticsParts {
  readonly about: About
  /** Name, release and processor of the system, and its memory. */
  readonly system: readonly string[]
  readonly devices: readonly DeviceReport[]
  readonly preferences: Preferences
  /** What the engine printed in this run. */
  readonly log: string
  readonly owner: Owner
}

/** How many of the log's last lines are included. */
const logLines = 300

/**
 * Writes a problem report: versions, system, devices, settings, log. It has no picture, latent, path, server or
 * token.
 */
export function writeDiagnostics(parts: DiagnosticsParts): string {
  const { about, system, devices, preferences, log, owner } = parts
  const sections: [string, readonly string[]][] = [
    [
      'Versions',
      [`Slerp Studio ${about.version}`, ...about.parts.map(({ name, version }) => `${name} ${version}`)],
    ],
    ['System', system],
    ['Devices', devices.length === 0 ? ['none checked yet'] : devices.map(describeDevice)],
    ['Settings', describeSettings(preferences)],
    ['Log', log.trimEnd().split('\n').slice(-logLines)],
  ]
  const text = sections
    .map(([title, lines]) => `${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`)
    .join('\n')
  return hidePaths(text, owner)
}

function describeDevice({ provider, precision, proved, device, milliseconds, reason }: DeviceReport): string {
  const name = `${provider} ${precision}`
  return proved ? `${name}: ${device ?? 'unnamed'}, ${milliseconds?.toFixed(1)} ms` : `${name}: ${reason}`
}

/** The settings that a report prints as they are. Others may hold a path, an address or a secret. */
const printed = ['theme', 'textSize', 'threads', 'device', 'precision', 'modelReading', 'downloads'] as const

function describeSettings(preferences: Preferences): string[] {
  const { modelPath, server } = preferences
  return [
    `model: ${modelPath === null ? 'bundled' : 'another'}`,
    `server: ${server ? 'used' : 'none'}`,
    ...printed.map((name) => `${name}: ${JSON.stringify(preferences[name])}`),
  ]
}
