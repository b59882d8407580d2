/** Formats a time like a clock, such as "1:02.50". */
export function formatClock(seconds: number, digits = 2): string {
  const scale = 10 ** digits
  const parts = Math.round(Math.max(0, seconds) * scale)
  const minutes = Math.floor(parts / (60 * scale))
  const rest = (parts - minutes * 60 * scale) / scale
  return `${minutes}:${rest.toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, '0')}`
}

/**
 * Parses typed text into a frame, counted from 0. The text is a time such as "1:02.5", "62.5" or "2 s", or a
 * frame number such as "38f" or "frame 38", counted from 1 as on screen. Returns null for anything else.
 */
export function frameOfText(text: string, fps: number): number | null {
  const plain = text.trim().toLowerCase().replace(',', '.')
  const frame = /^(?:frame\s*(\d+)|(\d+)\s*f(?:rames?)?)$/.exec(plain)
  if (frame) return Math.max(0, Number(frame[1] ?? frame[2]) - 1)
  const time = /^(?:(\d+):)?(?:(\d+):)?(\d+(?:\.\d*)?|\.\d+)\s*s?$/.exec(plain)
  if (!time) return null
  const [, first, second, rest] = time
  const minutes = second === undefined ? Number(first ?? 0) : Number(first) * 60 + Number(second)
  return Math.round((minutes * 60 + Number(rest)) * fps)
}
