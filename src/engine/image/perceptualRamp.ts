import type { Colour } from '#core/picture/resample'

/** sRGB's transfer function from linear 0 … 1 to encoded 0 … 1 (IEC 61966-2-1). */
function encodeSrgb(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
}

/** Converts Oklab to sRGB, 0 … 255, clipping colours out of gamut (Ottosson 2020). */
function oklabToSrgb(lightness: number, a: number, b: number): Colour {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  const [red, green, blue] = linear.map((value) =>
    Math.round(255 * encodeSrgb(Math.min(1, Math.max(0, value)))),
  )
  return [red, green, blue]
}

/**
 * The path through Oklab stays inside sRGB's gamut, because clipping a colour would distort its lightness.
 */
function rampAt(t: number): Colour {
  const hue = (-75 + 175 * t) * (Math.PI / 180)
  const chroma = 0.16 * Math.sin(Math.PI * t)
  return oklabToSrgb(0.98 * t, chroma * Math.cos(hue), chroma * Math.sin(hue))
}

/**
 * A colour map of 256 steps from black over violet, red and orange to a pale yellow. Its lightness rises
 * linearly in Oklab, so equal differences of a value look equally large, even in print and to people with
 * colour blindness.
 */
export const perceptualRamp: readonly Colour[] = Array.from({ length: 256 }, (_, i) => rampAt(i / 255))
