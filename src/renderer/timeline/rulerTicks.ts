import { formatClock } from './clock'

/** A mark on the timeline ruler. */
export interface RulerTick {
  /** Its position, in frames from the start of the film; fractional at odd frame rates. */
  readonly frame: number
  /** Its time; null for the marks between two times. */
  readonly label: string | null
}

/** What a ruler shows: frames `start` to `start + span`, on `width` pixels. */
export interface RulerWindow {
  readonly start: number
  readonly span: number
  readonly width: number
  readonly fps: number
}

/** Minimum pixels for a label, and between two marks. */
const labelPixels = 72
const markPixels = 7

/**
 * The intervals, in seconds, at which labels may be placed. Shorter ones divide the interval between labels
 * into marks.
 */
const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]

/** Returns marks at round times: a label wherever there is room for one, and finer marks in between. */
export function rulerTicks({ start, span, width, fps }: RulerWindow): RulerTick[] {
  if (span <= 0 || width <= 0) return []
  const pixelsPerSecond = (width / span) * fps
  const fits = (pixels: number) => (step: number) => step * pixelsPerSecond >= pixels
  const major = steps.find(fits(labelPixels)) ?? steps[steps.length - 1]
  const minor = steps.filter((step) => isMultiple(major, step)).find(fits(markPixels)) ?? major
  const digits = major >= 1 ? 0 : major >= 0.1 ? 1 : 2
  const each = Math.round(major / minor)
  const first = Math.ceil(start / fps / minor - 1e-9)
  const last = Math.floor((start + span) / fps / minor + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => {
    const number = first + at
    const seconds = number * minor
    return { frame: seconds * fps, label: number % each === 0 ? formatClock(seconds, digits) : null }
  })
}

function isMultiple(step: number, of: number): boolean {
  return Math.abs(step / of - Math.round(step / of)) < 1e-9
}
