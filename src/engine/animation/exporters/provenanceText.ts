/** Under what name a file carries the provenance of its frames, JSON text. */
export const provenanceKeyword = 'Slerp Studio provenance'

/** JSON text in ASCII alone, for places that know no encoding: other characters are escaped as JSON allows. */
export function toAsciiJson(json: string): string {
  return json.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
