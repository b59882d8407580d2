/** Chromaticities x, y of red, green, blue and white. */
type Primaries = readonly [x: number, y: number][]
type Vector = readonly [number, number, number]
type Matrix = readonly [Vector, Vector, Vector]

const d65: [number, number] = [0.3127, 0.329]
const bt709: Primaries = [[0.64, 0.33], [0.3, 0.6], [0.15, 0.06], d65]

/** Colour primaries by their code (ITU-T H.273, table 2). */
const primariesOf: Readonly<Record<number, Primaries>> = {
  1: bt709,
  4: [
    [0.67, 0.33],
    [0.21, 0.71],
    [0.14, 0.08],
    [0.31, 0.316],
  ],
  5: [[0.64, 0.33], [0.29, 0.6], [0.15, 0.06], d65],
  6: [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07], d65],
  7: [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07], d65],
  8: [
    [0.681, 0.319],
    [0.243, 0.692],
    [0.145, 0.049],
    [0.31, 0.316],
  ],
  9: [[0.708, 0.292], [0.17, 0.797], [0.131, 0.046], d65],
  11: [
    [0.68, 0.32],
    [0.265, 0.69],
    [0.15, 0.06],
    [0.314, 0.351],
  ],
  12: [[0.68, 0.32], [0.265, 0.69], [0.15, 0.06], d65],
  22: [[0.63, 0.34], [0.295, 0.605], [0.155, 0.077], d65],
}

/** Converts an encoded value, 0 to 1, to linear light, where 1 is white. */
type Transfer = (value: number) => number

/** Returns the inverse of `slope * light` below `knee`, `(1 + a) light^power - a` above. */
function broken(slope: number, knee: number, a: number, power: number): Transfer {
  return (value) => (value < slope * knee ? value / slope : ((value + a) / (1 + a)) ** (1 / power))
}

/**
 * How a display shows BT.709 and related codes. As in Chromium, this is ITU-R BT.1886 rather than the inverse
 * of the camera's curve.
 */
const bt1886: Transfer = (value) => value ** 2.4
const srgbCurve = broken(12.92, 0.0031308, 0.055, 1 / 2.4)

/**
 * Light that is shown half as bright as white, in cd/m²: the diffuse white of high dynamic range
 * (ITU-R BT.2408).
 */
const diffuseWhite = 203

/**
 * Maps high dynamic range to a standard display: highlights are compressed above the same point as
 * in Chromium.
 */
function toneMap(light: number): number {
  const excess = light / diffuseWhite - 1
  return excess <= 0 ? light / diffuseWhite / 2 : 0.5 + (0.5 * excess) / (1 + excess)
}

/** SMPTE ST 2084. */
function perceptualQuantizer(value: number): number {
  const power = value ** (1 / 78.84375)
  const light = (Math.max(0, power - 0.8359375) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
  return toneMap(light * 10_000)
}

/** ARIB STD-B67, on a display of 1,000 cd/m². */
function hybridLogGamma(value: number): number {
  const scene =
    value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12
  return toneMap(scene ** 1.2 * 1000)
}

/** Transfer characteristics by their code (ITU-T H.273, table 3). */
const transferOf: Readonly<Record<number, Transfer>> = {
  1: bt1886,
  4: (value) => value ** 2.2,
  5: (value) => value ** 2.8,
  6: bt1886,
  7: broken(4, 0.0228, 0.1115, 0.45),
  8: (value) => value,
  11: bt1886,
  13: srgbCurve,
  14: bt1886,
  15: bt1886,
  16: perceptualQuantizer,
  17: (value) => (value ** 2.6 * 52.37) / 48,
  18: hybridLogGamma,
}

function multiply(m: Matrix, [x, y, z]: Vector): Vector {
  const row = ([a, b, c]: Vector) => a * x + b * y + c * z
  return [row(m[0]), row(m[1]), row(m[2])]
}

function cross([a, b, c]: Vector, [x, y, z]: Vector): Vector {
  return [b * z - c * y, c * x - a * z, a * y - b * x]
}

function dot([a, b, c]: Vector, [x, y, z]: Vector): number {
  return a * x + b * y + c * z
}

/** Returns the XYZ of a chromaticity at a luminance of 1. */
function xyzOf([x, y]: readonly [number, number]): Vector {
  return [x / y, 1, (1 - x - y) / y]
}

/** The Bradford matrix to cone responses, and its inverse (ICC.1:2022, annex E). */
const bradford: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
]
const bradfordInverse: Matrix = [
  [0.9869929, -0.1470543, 0.1599627],
  [0.4323053, 0.5183603, 0.0492912],
  [-0.0085287, 0.0400428, 0.9684867],
]

/** The white point of every ICC profile. */
const d50: Vector = [0.9642, 1, 0.8249]

/** Returns the XYZ of red, green and blue under D50, which add up to white. */
function colorants([red, green, blue, white]: Primaries): Vector[] {
  const [r, g, b] = [red, green, blue].map(xyzOf)
  const w = xyzOf(white)
  // Cramer's rule gives the share of each primary in white.
  const volume = dot(r, cross(g, b))
  const shares = [dot(w, cross(g, b)), dot(r, cross(w, b)), dot(r, cross(g, w))].map((part) => part / volume)
  const [from, to] = [multiply(bradford, w), multiply(bradford, d50)]
  return [r, g, b].map((primary, i) => {
    const [x, y, z] = multiply(bradford, primary)
    return multiply(bradfordInverse, [
      (x * to[0] * shares[i]) / from[0],
      (y * to[1] * shares[i]) / from[1],
      (z * to[2] * shares[i]) / from[2],
    ])
  })
}

function fixedPoint(values: Vector): Buffer {
  const data = Buffer.alloc(20)
  data.write('XYZ ', 'latin1')
  values.forEach((value, i) => data.writeInt32BE(Math.round(value * 65_536), 8 + i * 4))
  return data
}

/** Enough to keep the steepest curve above accurate to one of 255 levels. */
const curveEntries = 4096

function curve(transfer: Transfer): Buffer {
  const data = Buffer.alloc(12 + curveEntries * 2)
  data.write('curv', 'latin1')
  data.writeUInt32BE(curveEntries, 8)
  for (let i = 0; i < curveEntries; i++) {
    const light = Math.min(1, Math.max(0, transfer(i / (curveEntries - 1))))
    data.writeUInt16BE(Math.round(light * 65_535), 12 + i * 2)
  }
  return data
}

/** Encodes a display profile (ICC.1:2022, sections 7.2 and 7.3). Tags may share their data. */
function encodeProfile(space: 'RGB ' | 'GRAY', tags: Readonly<Record<string, Buffer>>): Buffer {
  const entries = Object.entries(tags)
  const blocks = [...new Set(Object.values(tags))]
  const start = 128 + 4 + entries.length * 12
  const offsetOf = (block: Buffer) =>
    blocks.slice(0, blocks.indexOf(block)).reduce((sum, { length }) => sum + length, start)
  const head = Buffer.alloc(start)
  head.writeUInt32BE(start + blocks.reduce((sum, { length }) => sum + length, 0), 0)
  head.writeUInt32BE(0x02100000, 8)
  head.write(`mntr${space}XYZ `, 12, 'latin1')
  head.write('acsp', 36, 'latin1')
  fixedPoint(d50).copy(head, 68, 8)
  head.writeUInt32BE(entries.length, 128)
  entries.forEach(([name, block], i) => {
    head.write(name, 132 + i * 12, 'latin1')
    head.writeUInt32BE(offsetOf(block), 136 + i * 12)
    head.writeUInt32BE(block.length, 140 + i * 12)
  })
  return Buffer.concat([head, ...blocks])
}

/** Encodes a matrix/TRC profile (ICC.1:2022, section 8.3). */
function matrixProfile(primaries: Primaries, transfer: Transfer): Buffer {
  const [rXYZ, gXYZ, bXYZ] = colorants(primaries).map(fixedPoint)
  const shared = curve(transfer)
  return encodeProfile('RGB ', {
    wtpt: fixedPoint(d50),
    rXYZ,
    gXYZ,
    bXYZ,
    rTRC: shared,
    gTRC: shared,
    bTRC: shared,
  })
}

/** Encodes a profile of shades of grey (ICC.1:2022, section 8.3.4). */
function greyProfile(transfer: Transfer): Buffer {
  return encodeProfile('GRAY', { wtpt: fixedPoint(d50), kTRC: curve(transfer) })
}

/**
 * Returns the ICC profile of coding-independent code points (ITU-T H.273), with which PNG and AVIF name
 * colours. Highlights of high dynamic range are compressed, not clipped.
 *
 * @param isGrey  whether the file stores one value per pixel, to which no profile of colours applies
 * @returns a profile; `sRGB` if none is needed; `unknown` for undefined codes
 */
export function cicpProfile(
  primaries: number,
  transfer: number,
  isGrey = false,
): Buffer | 'sRGB' | 'unknown' {
  if (!(primaries in primariesOf) || !(transfer in transferOf)) return 'unknown'
  if (primariesOf[primaries] === bt709 && transfer === 13) return 'sRGB'
  const curveOf = transferOf[transfer]
  return isGrey ? greyProfile(curveOf) : matrixProfile(primariesOf[primaries], curveOf)
}
