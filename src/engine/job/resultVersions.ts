/** Incremented when the same inputs give different results than before, which invalidates older ones. */
export const numericsVersion = 6

/** Incremented when texts give other conditions than before, which invalidates results made with them. */
export const textVersion = 1

/** Returns the versions that a record of unfinished work holds. Where they differ, the work is not continued. */
export function resultVersions({ texts }: { texts: object | null }): {
  numericsVersion: number
  textVersion?: number
} {
  return texts ? { numericsVersion, textVersion } : { numericsVersion }
}
