/** A mark on the timeline's ruler. */
export interface RulerTick {
  /** Frame it stands at, from 0. */
  readonly frame: number
  /** Its number as the clock counts, from 1; null for the marks between two numbers. */
  readonly label: string | null
}

/** Pixels that a number wants for itself, and that two marks are apart at least. */
const labelPixels = 64
const markPixels = 7

/** Steps a person counts in, each a multiple of a finer one. */
const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000]

/**
 * Marks of the frames of a timeline: the first frame, and every round number after it that there is room for.
 *
 * @param total  frames in all
 * @param pixelsPerFrame  how far two frames are apart
 */
export function rulerTicks(total: number, pixelsPerFrame: number): RulerTick[] {
  if (total < 2 || pixelsPerFrame <= 0) return []
  const fits = (pixels: number) => (step: number) => step * pixelsPerFrame >= pixels
  const major = steps.find(fits(labelPixels)) ?? steps[steps.length - 1]
  const minor = steps.filter((step) => major % step === 0).find(fits(markPixels)) ?? major
  const ticks: RulerTick[] = [{ frame: 0, label: '1' }]
  for (let number = minor; number <= total; number += minor) {
    if (number === 1) continue
    const isTooClose = (number - 1) * pixelsPerFrame < labelPixels / 2
    ticks.push({ frame: number - 1, label: number % major === 0 && !isTooClose ? String(number) : null })
  }
  return ticks
}
