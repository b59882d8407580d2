/** Access to parsed JSON of unknown shape. */

export type JsonObject = Record<string, unknown>

/** Whether a value is a plain object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns a value if it is a plain object, otherwise null. */
export function asObject(value: unknown): JsonObject | null {
  return isObject(value) ? value : null
}

/** Returns a value if it is an array, otherwise an empty array. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
