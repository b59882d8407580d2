/** The keyword under which a file carries the provenance of its frames as JSON text. */
export const provenanceKeyword = 'Slerp Studio provenance'

/**
 * Returns JSON as pure ASCII, for places without a defined encoding: other characters become JSON escapes.
 */
export function toAsciiJson(json: string): string {
  return json.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The parts of a provenance that do not grow with the number of frames. */
const shortParts = ['software', 'model', 'hub', 'reading', 'decode', 'batch', 'compute', 'target'] as const

/** What the further pictures of a sequence record, so that its size does not grow with the square of its length. */
export interface ShortProvenance {
  /** Name of the file beside it that carries the whole provenance. */
  readonly wholeIn: string
}

/** Shortens a provenance, as JSON, to what the further pictures of a sequence record: see {@link ShortProvenance}. */
export function shortenProvenance(provenance: string, wholeIn: string): string {
  const whole = JSON.parse(provenance) as Record<string, unknown>
  const parts = shortParts.filter((part) => part in whole).map((part) => [part, whole[part]] as const)
  return JSON.stringify({ ...Object.fromEntries(parts), wholeIn } satisfies ShortProvenance)
}
