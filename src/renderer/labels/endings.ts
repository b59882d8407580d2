/** How work ended. */
export type Ending = 'finished' | 'failed' | 'cancelled'

/**
 * Describes how encoding ended.
 *
 * @param endings  how its jobs ended, in order, at least one
 */
export function encodingEnd(endings: readonly Ending[]): string {
  if (endings.at(-1) === 'cancelled') return 'Encoding cancelled'
  const jobs = endings.filter((ending) => ending !== 'cancelled').length
  const failed = endings.filter((ending) => ending === 'failed').length
  if (failed === 0) return 'Encoding finished'
  return failed === jobs ? 'Encoding failed' : `Encoding finished, ${failed} of ${jobs} failed`
}
