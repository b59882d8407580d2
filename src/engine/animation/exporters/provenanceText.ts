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
