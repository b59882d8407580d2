/** Setting names that earlier versions wrote into latent files, sessions and studies, and today's names. */

const newNames: Readonly<Record<string, string>> = {
  terminal: 'endTimestep',
  label: 'conditioningTimestep',
  rule: 'settings',
}

/** Values of `label`, the old name of `conditioningTimestep`. */
const newValues: Readonly<Record<string, string>> = { source: 'current', destination: 'next' }

/** Objects with one of these keys hold settings of a trajectory, a study or one of its cells. */
const settingsKeys = ['solver', 'solvers', 'terminal', 'rule']

function renameEntry([key, value]: [string, unknown]): [string, unknown] {
  if (key === 'nodes') return [Array.isArray(value) ? 'timestepSpacings' : 'timestepSpacing', value]
  if (key === 'label') return [newNames.label, newValues[String(value)] ?? value]
  return [newNames[key] ?? key, value]
}

/**
 * Renames the settings in parsed JSON of any earlier version to their current names, at any depth. To be
 * called before a schema checks what was read from a file. Current names, and objects that hold no settings,
 * are left unchanged.
 */
export function renameOldSettings(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(renameOldSettings)
  if (typeof json !== 'object' || json === null) return json
  const entries = Object.entries(json).map(([key, value]): [string, unknown] => [
    key,
    renameOldSettings(value),
  ])
  const holdsSettings = settingsKeys.some((key) => key in json)
  return Object.fromEntries(holdsSettings ? entries.map(renameEntry) : entries)
}

/** Values of a session's `loop`, the old name of `repeat`. */
const newRepeats: Readonly<Record<string, string>> = { loop: 'forever', pingPong: 'ping-pong' }

/** Does the same as {@link renameOldSettings} for the state that the app keeps between two starts. */
export function renameOldSession(json: unknown): unknown {
  const session = renameOldSettings(json)
  if (typeof session !== 'object' || session === null || !('loop' in session)) return session
  const { loop, ...rest } = session
  return { ...rest, repeat: newRepeats[String(loop)] ?? loop }
}
