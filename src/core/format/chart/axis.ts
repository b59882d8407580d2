import { scaleLinear, scaleLog } from 'd3-scale'

/** The position of a value along an axis: 0 at its low end, 1 at its high end. */
export interface AxisPlace {
  readonly at: number
  /** Whether the value lies beyond the axis and is therefore placed at its end. */
  readonly beyond: boolean
}

/** One axis of a chart. */
export interface Axis {
  /** Lowest and highest value that the axis shows. */
  readonly domain: readonly [number, number]
  /** Values to be labelled, ascending. */
  readonly ticks: readonly number[]
  placeOf(value: number): AxisPlace
}

/** Logarithmic ends and ticks are at these multiples of powers of ten. */
const mantissas = [1, 2, 5]

/** Approximate number of labels at even distances of the value. */
const linearTicks = 4

/** Up to this many decades, 2 and 5 are labelled too. */
const fewDecades = 2.5
const mostDecadeTicks = 7
/** An axis so short that it would have fewer labels is labelled at even distances of the value instead. */
const leastLogTicks = 4

/**
 * Creates a logarithmic axis that shows all values, with round numbers at its ends.
 *
 * @param values  those that are not positive are ignored, because they have no place on the axis
 * @param range  values outside it are clamped to it before the ends are chosen
 */
export function logAxis(
  values: readonly number[],
  [least, most]: readonly [number, number] = [0, Infinity],
): Axis {
  const shown = values
    .filter((value) => value > 0 && Number.isFinite(value))
    .map((value) => Math.max(least, Math.min(most, value)))
  const low = roundDown(shown.length > 0 ? Math.min(...shown) : 1)
  const high = roundUp(shown.length > 0 ? Math.max(...shown) : 10)
  const domain: [number, number] = low < high ? [low, high] : [low / 10, high * 10]
  return { domain, ticks: logTicks(domain), placeOf: placer(domain, scaleLog(domain, [0, 1])) }
}

/** Creates a linear axis with round ends that shows all values, clamped to `least` and `most`. */
export function linearAxis(
  values: readonly number[],
  [least, most]: readonly [number, number] = [-Infinity, Infinity],
): Axis {
  const shown = values.filter(Number.isFinite).map((value) => Math.max(least, Math.min(most, value)))
  const [low, high] = shown.length > 0 ? [Math.min(...shown), Math.max(...shown)] : [0, 1]
  const scale = scaleLinear(low < high ? [low, high] : [low - 0.5, low + 0.5], [0, 1]).nice(linearTicks)
  const [from, to] = scale.domain()
  return { domain: [from, to], ticks: scale.ticks(linearTicks), placeOf: placer([from, to], scale) }
}

function placer([low, high]: readonly [number, number], scale: (value: number) => number) {
  return (value: number): AxisPlace => ({
    at: scale(Math.max(low, Math.min(high, value))),
    beyond: !(value >= low && value <= high),
  })
}

function logTicks([low, high]: readonly [number, number]): number[] {
  const from = Math.floor(Math.log10(low) + 1e-9)
  const to = Math.ceil(Math.log10(high) - 1e-9)
  const decades = Math.log10(high / low)
  const stride = Math.ceil((decades + 1) / mostDecadeTicks)
  const multiples = decades <= fewDecades ? mantissas : [1]
  const ticks: number[] = []
  for (let power = from; power <= to; power += stride) {
    ticks.push(...multiples.map((mantissa) => exact(mantissa * 10 ** power)))
  }
  const within = ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))
  const isShort = decades <= fewDecades && within.length < leastLogTicks
  return isShort ? scaleLinear([low, high], [0, 1]).ticks(linearTicks).map(exact) : within
}

function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9)
  const mantissa = mantissas.findLast((one) => one * power <= value * (1 + 1e-9)) ?? 1
  return exact(mantissa * power)
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9)
  const mantissa = [...mantissas, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10
  return exact(mantissa * power)
}

/** Returns the number as people write it: 0.3 and not 0.30000000000000004. */
function exact(value: number): number {
  return Number(value.toPrecision(12))
}
