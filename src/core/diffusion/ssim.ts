/** The constants of Wang et al. 2004 for pictures on [0, 1]. */
const windowSize = 11
const windowSigma = 1.5
const luminanceGuard = 0.01 ** 2
const contrastGuard = 0.03 ** 2

/**
 * Returns the structural similarity (Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error
 * visibility to structural similarity", 2004, eq. 13): an 11x11 Gaussian window of sigma 1.5, K1 = 0.01,
 * K2 = 0.03, only windows that lie entirely inside the picture, averaged over windows and channels. Pictures
 * smaller than 11 pixels get the largest odd window that fits.
 *
 * @param a  [N, C, H, W] on [0, 1]
 * @param b  likewise
 * @returns -1 … 1; 1 for equal pictures
 */
export function ssim(a: Float64Array, b: Float64Array, shape: readonly number[]): number {
  const [count, channels, height, width] = shape
  const kernel = gaussianWindow(Math.min(windowSize, width, height))
  const planes = count * channels
  const size = width * height
  let sum = 0
  for (let plane = 0; plane < planes; plane++) {
    const [begin, end] = [plane * size, (plane + 1) * size]
    sum += ssimOfPlane(a.subarray(begin, end), b.subarray(begin, end), width, kernel)
  }
  return sum / planes
}

/** Returns the structural similarity of one channel, row-major. */
function ssimOfPlane(a: Float64Array, b: Float64Array, width: number, kernel: Float64Array): number {
  const aMean = windowMeans(a, width, kernel)
  const bMean = windowMeans(b, width, kernel)
  const aSquare = windowMeans(multiply(a, a), width, kernel)
  const bSquare = windowMeans(multiply(b, b), width, kernel)
  const product = windowMeans(multiply(a, b), width, kernel)
  let sum = 0
  for (let i = 0; i < aMean.length; i++) {
    const meanProduct = aMean[i] * bMean[i]
    const meanSquares = aMean[i] ** 2 + bMean[i] ** 2
    const covariance = product[i] - meanProduct
    const variances = aSquare[i] + bSquare[i] - meanSquares
    const luminance = (2 * meanProduct + luminanceGuard) / (meanSquares + luminanceGuard)
    sum += (luminance * (2 * covariance + contrastGuard)) / (variances + contrastGuard)
  }
  return sum / aMean.length
}

function multiply(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value * b[i])
}

/** Returns samples of a centred Gaussian that sum to 1; `limit` is the largest length. */
function gaussianWindow(limit: number): Float64Array {
  const size = limit % 2 === 1 ? limit : limit - 1
  const middle = (size - 1) / 2
  const samples = new Float64Array(size).map((_, i) =>
    Math.exp(-((i - middle) ** 2) / (2 * windowSigma ** 2)),
  )
  const sum = samples.reduce((total, sample) => total + sample, 0)
  return samples.map((sample) => sample / sum)
}

/**
 * Returns the weighted mean under the window at each position where it lies inside. A Gaussian window is
 * separable, so rows and columns are filtered in turn.
 */
function windowMeans(values: Float64Array, width: number, kernel: Float64Array): Float64Array {
  const height = values.length / width
  return transposedRowMeans(transposedRowMeans(values, width, kernel), height, kernel)
}

function transposedRowMeans(values: Float64Array, width: number, kernel: Float64Array): Float64Array {
  const height = values.length / width
  const places = width - kernel.length + 1
  const means = new Float64Array(places * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < places; x++) {
      let mean = 0
      for (let k = 0; k < kernel.length; k++) mean += kernel[k] * values[y * width + x + k]
      means[x * height + y] = mean
    }
  }
  return means
}
