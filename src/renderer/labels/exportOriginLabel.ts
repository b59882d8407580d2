/** What an export was made from. */
export interface ExportContent {
  /** Name of its file or folder. */
  readonly name: string
  /** Number of stops of its film; 0 if it is not a film. */
  readonly stops: number
  /** Number of pictures and other latents in it if it is not a film. */
  readonly shown: number
}

/** Describes what an export was made from, and that it records how it was made. */
export function exportOriginLabel({ name, stops, shown }: ExportContent): string {
  const begin = `“${name}” was exported from`
  if (stops > 1)
    return `${begin} a film of ${stops} stops. The export records its settings, stops and sources.`
  const pictures = (stops || shown) === 1 ? 'one picture' : `${shown} pictures`
  return `${begin} ${pictures}. The export records its settings and sources.`
}
