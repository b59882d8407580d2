/** A mark on an axis, with its label in the manner of {@link drawText}. */
export interface Tick {
  readonly value: number
  readonly label: string
}

/** An axis: where values lie on it, in pixels. */
export interface Scale {
  at(value: number): number
  readonly ticks: readonly Tick[]
}

export type ScaleKind = 'log' | 'linear'

/** Free space at either end of an axis, as a share of it. */
const margin = 0.05

/**
 * Lays values out between two pixels.
 *
 * @param floor  smaller values are shown at it, 0 on a log scale among them
 */
export function createScale(
  kind: ScaleKind,
  values: readonly number[],
  [from, to]: readonly [number, number],
  floor = -Infinity,
): Scale {
  const forward = (value: number) => (kind === 'log' ? Math.log10 : Number)(Math.max(value, floor))
  const places = values.map(forward).filter(Number.isFinite)
  const [low, high] = places.length === 0 ? [0, 1] : widened(Math.min(...places), Math.max(...places))
  return {
    at: (value) => from + ((forward(value) - low) / (high - low)) * (to - from),
    ticks: (kind === 'log' ? logTicks(low, high) : linearTicks(low, high)).map((tick) =>
      tick.value === floor ? { ...tick, label: `< ${tick.label}` } : tick,
    ),
  }
}

function widened(low: number, high: number): [number, number] {
  const span = high - low || 0.5
  return [low - margin * span, high + margin * span]
}

/** Decades, with digits in between where there is room, or only every second or third where there is none. */
function logTicks(low: number, high: number): Tick[] {
  const decades = high - low
  const stride = Math.max(1, Math.ceil(decades / 10))
  const digits = decades <= 1 ? [1, 1.5, 2, 3, 4, 6, 8] : decades <= 3 ? [1, 2, 5] : [1]
  const ticks: Tick[] = []
  for (let exponent = Math.floor(low); exponent <= high; exponent++) {
    if (exponent % stride !== 0) continue
    for (const digit of digits) {
      const value = Number(`${digit}e${exponent}`)
      const place = Math.log10(value)
      if (place >= low && place <= high) ticks.push({ value, label: logLabel(digit, exponent) })
    }
  }
  return ticks
}

function logLabel(digit: number, exponent: number): string {
  if (exponent >= -1 && exponent <= 3) return String(Number(`${digit}e${exponent}`))
  const power = `10^{${exponent < 0 ? `−${-exponent}` : exponent}}`
  return digit === 1 ? power : `${digit}·${power}`
}

/** Round numbers, four to eight of them. */
function linearTicks(low: number, high: number): Tick[] {
  const raw = (high - low) / 6
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= raw)!
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const first = Math.ceil(low / step)
  const count = Math.floor(high / step) - first + 1
  return Array.from({ length: count }, (_, i) => {
    const value = (first + i) * step
    return { value, label: value.toFixed(decimals) }
  })
}
