/** Display formats of numbers, counts, sizes and durations for the command line, the window and charts. */

/** From this size on, a number is written as a power of ten. */
const tooLong = 1e5

/** Formats a number with its significant digits: 1.9e-5, 0.993, 12.4; whole from there on: 1234. */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size < 1e-3 || size >= tooLong) return asPowerOfTen(value)
  // Rounded first: 999.6 has four digits then.
  const isLong = Number(size.toPrecision(digits)) >= 10 ** digits
  return isLong ? value.toFixed(0) : value.toPrecision(digits)
}

/** Formats a statistic with fixed decimals, or from 100,000 on as a power of ten: 0.993, 1.0e30. */
export function formatStatistic(value: number, digits = 3): string {
  return Math.abs(value) < tooLong ? value.toFixed(digits) : asPowerOfTen(value)
}

function asPowerOfTen(value: number): string {
  return value.toExponential(1).replace('e+', 'e')
}

/** Formats a number with its sign, three decimals and a true minus sign: +0.013, −0.210; what rounds to zero has no sign. */
export function formatSigned(value: number): string {
  const digits = formatStatistic(Math.abs(value))
  if (Number(digits) === 0) return digits
  return `${value < 0 ? '−' : '+'}${digits}`
}

/** Formats a count with commas between thousands: 10,560. */
export function formatCount(count: number): string {
  return count.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Returns the noun that follows a count: 1 frame, 2 frames. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** Formats bytes in decimal units: 831 B, 1.5 kB, 25 MB. */
export function formatBytes(bytes: number): string {
  let [value, step] = [bytes, 0]
  // Rounded first: 999,999 bytes are 1.0 MB.
  while (Math.round(value) >= 1000 && step < byteUnits.length - 1) [value, step] = [value / 1000, step + 1]
  return `${value < 9.95 && step > 0 ? value.toFixed(1) : Math.round(value)} ${byteUnits[step]}`
}

/** Formats a measured duration: 3.2 s, 42 s, 3 min 24 s, 5 h 12 min. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Formats an expected duration, no more precisely than it can be known: < 1 s, 75 s, 10 min, 2.5 h. */
export function formatEstimate(seconds: number): string {
  if (seconds < 1) return '< 1 s'
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`
}

/** Formats an expected duration for use in a sentence: less than 1 s, about 75 s. */
export function describeEstimate(seconds: number): string {
  return seconds < 1 ? 'less than 1 s' : `about ${formatEstimate(seconds)}`
}

/** Formats the milliseconds of one evaluation: 0.49 ms, 280 ms. */
export function formatMilliseconds(value: number): string {
  return `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} ms`
}

/** Formats a peak signal-to-noise ratio in dB; equal pictures, whose ratio is infinite, are "identical". */
export function formatPsnr(psnr: number): string {
  return Number.isFinite(psnr) ? `${psnr.toFixed(1)} dB` : 'identical'
}

/**
 * Formats the mean PSNR of several pictures, and how many of them have none because they are exact:
 * "34.1 dB", "34.1 dB, 2 exact"; "identical" if all are.
 */
export function formatMeanPsnr(
  { psnr, exact }: { readonly psnr: number; readonly exact: number },
  format = formatPsnr,
): string {
  if (!Number.isFinite(psnr)) return 'identical'
  return exact > 0 ? `${format(psnr)}, ${exact} exact` : format(psnr)
}
