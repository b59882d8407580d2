/** Numbers, counts, sizes and durations as people read them: once for the command line, the window and the charts. */

/** A small number with the digits that matter: 1.9e-5, 0.993, 12.4. */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size < 1e-3 || size >= 1e5) return value.toExponential(1).replace('e+', 'e')
  return value.toPrecision(digits)
}

/** A number with its sign, three decimals and a real minus: +0.013, −0.210. */
export function formatSigned(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
}

/** A count with a comma between its thousands: 10,560. */
export function formatCount(count: number): string {
  return count.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',')
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes in decimal units: 831 B, 1.5 kB, 25 MB. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${byteUnits[step]}`
}

/** A measured duration: 3.2 s, 42 s, 3 min 24 s. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** An expected duration, no finer than anybody can know it: < 1 s, 75 s, 10 min, 2.5 h. */
export function formatEstimate(seconds: number): string {
  if (seconds < 1) return '< 1 s'
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`
}

/** An expected duration in a sentence: less than 1 s, about 75 s. */
export function describeEstimate(seconds: number): string {
  return seconds < 1 ? 'less than 1 s' : `about ${formatEstimate(seconds)}`
}

/** Milliseconds of one evaluation: 0.49 ms, 280 ms. */
export function formatMilliseconds(value: number): string {
  return `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} ms`
}

/** A peak signal-to-noise ratio in dB; equal pictures, whose ratio is infinite, are "identical". */
export function formatPsnr(psnr: number): string {
  return Number.isFinite(psnr) ? `${psnr.toFixed(1)} dB` : 'identical'
}
