/** Names of settings that earlier versions wrote into latent files, sessions and studies, and what they are called now. */

const newNames: Readonly<Record<string, string>> = {
  terminal: 'endTimestep',
  label: 'conditioningTimestep',
  rule: 'settings',
}

/** Values of `label`, the old name of `conditioningTimestep`. */
const newValues: Readonly<Record<string, string>> = { source: 'current', destination: 'next' }

/** Objects with one of these keys hold settings of a trajectory, of a study or of one of its cells. */
const settingsKeys = ['solver', 'solvers', 'terminal', 'rule']

function renameEntry([key, value]: [string, unknown]): [string, unknown] {
  if (key === 'nodes') return [Array.isArray(value) ? 'timestepSpacings' : 'timestepSpacing', value]
  if (key === 'label') return [newNames.label, newValues[String(value)] ?? value]
  return [newNames[key] ?? key, value]
}

/**
 * Gives parsed JSON of any earlier version the names of today, at any depth: to be called before a schema checks what
 * was read from a file. Names of today, and objects that hold no settings, stay as they are.
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

/** As {@link renameOldSettings}, for what the app keeps between two starts. */
export function renameOldSession(json: unknown): unknown {
  const session = renameOldSettings(json)
  if (typeof session !== 'object' || session === null || !('loop' in session)) return session
  const { loop, ...rest } = session
  return { ...rest, repeat: newRepeats[String(loop)] ?? loop }
}
