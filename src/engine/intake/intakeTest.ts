import { meanOf, rootMeanSquare } from '#core/numbers/mean'
import { createGaussian } from '#core/random/gaussian'
import { sigmaOf } from '#core/diffusion/noiseLevel'
import { predictX0, toEpsilon } from '#core/diffusion/prediction'
import {
  isConclusive,
  inferPredictionType,
  type Observation,
  type PredictionVerdict,
} from '#core/diffusion/predictionEvidence'
import { concatenate, createTensor, itemOf, type Tensor } from '#core/diffusion/tensor'
import type { IntakeReport } from '#shared/reports'
import type { Job } from '../job/Job'
import { anyCondition } from '../job/conditionOf'
import type { Model } from '../model/denoiser/model'
import { intakeWarnings } from './intakeWarnings'

/**
 * Two flat pictures, one dark and one bright: any network can tell them from noise, whatever it was
 * trained on.
 */
const greys = [-0.8, 0.8] as const
/**
 * Ratios of noise to picture. The types of prediction differ most at 1 and 3; at 0.3, a network that is given
 * the wrong timestep mistakes noise for picture.
 */
const sigmas = [1, 0.3, 3]
/** If two pictures take longer than this, in seconds, the network gets the minimum number of evaluations. */
const slowSeconds = 8
/** Arbitrary, but always the same. */
const noiseSeed = 5
/** The other timestep scale is reported only if its error is smaller by at least this factor. */
const scaleFactor = 2

type Ask = (at: Probe, options?: { timestepScale?: number; items?: number }) => Promise<Tensor>

/** States of known pictures and known noise, all at one timestep. */
interface Probe extends Omit<Observation, 'answer'> {
  readonly timestep: number
  readonly x: Tensor
}

/**
 * Asks a model a few questions with roughly known answers before any work is trusted to it: whether a batch gives
 * the same answers as its items alone, and which type of prediction, timestep scale and range of pictures the
 * network was trained with. Takes 7 to 13 evaluations of one picture, or 3 for a slow network.
 *
 * @throws StudioError BAD_MODEL or UNSUPPORTED for a network that cannot be run or returns another shape; NOT_FINITE
 */
export async function intakeTest(job: Job): Promise<IntakeReport> {
  const started = performance.now()
  const { model } = job
  const [first, ...others] = sigmas.map((sigma) => createProbe(model, sigma))
  const ask = await askerOf(job)
  const alone = await ask(first, { items: 1 })
  const answers = [await ask(first)]
  const isSlow = performance.now() - started > 1000 * slowSeconds
  const probes = isSlow ? [first] : [first, ...others]
  for (const probe of probes.slice(1)) answers.push(await ask(probe))
  const asOpened = findPrediction(model, probes, answers)
  const { verdict, timestepScale } = isSlow
    ? { verdict: asOpened, timestepScale: model.info.timestepScale }
    : await tryUnitTimesteps(model, probes, ask, asOpened)
  const findings = {
    predictionType: isConclusive(verdict) ? verdict.predictionType : null,
    confidence: Math.max(0, Math.min(1, verdict.confidence)),
    timestepScale,
    batchDifference: model.info.batch === 1 ? null : differenceOverRms(alone, itemOf(answers[0], 0)),
    // The output of an autoencoder has no fixed range.
    flatPictures:
      isConclusive(asOpened) && model.info.autoencoder === null
        ? flatPicturesOf(first, answers[0], asOpened)
        : null,
  }
  const seconds = (performance.now() - started) / 1000
  return { ...findings, warnings: intakeWarnings(model.info, findings), seconds }
}

/** Puts the two pictures in noise, at the timestep whose sigma is closest to `sigma`. */
function createProbe({ schedule, space }: Model, sigma: number): Probe {
  const distances = schedule.levels.map((level) => Math.abs(Math.log(sigmaOf(level) / sigma)))
  const timestep = distances.reduce(
    (nearest, distance, t) => (distance < distances[nearest] ? t : nearest),
    0,
  )
  const level = schedule.levels[timestep]
  const shape = [greys.length, ...space.stateShape]
  const [x0, epsilon, x] = [createTensor(shape), createTensor(shape), createTensor(shape)]
  greys.forEach((grey, i) => itemOf(x0, i).data.fill(grey))
  createGaussian(noiseSeed).fill(epsilon.data)
  x.data.forEach((_, i) => (x.data[i] = level.signal * x0.data[i] + level.noise * epsilon.data[i]))
  return { timestep, level, x0, epsilon, x }
}

async function askerOf(job: Job): Promise<Ask> {
  const answer = job.answerer()
  const condition = await anyCondition(job)
  return ({ x, timestep }, { timestepScale, items = greys.length } = {}) => {
    const batch = concatenate(Array.from({ length: items }, (_, i) => itemOf(x, i)))
    return answer(batch, timestep, { condition: condition(items), timestepScale })
  }
}

/** Finds what the network predicts from its answers to the probes, one each. */
function findPrediction(
  { info }: Model,
  probes: readonly Probe[],
  answers: readonly Tensor[],
): PredictionVerdict {
  const observations = probes.map((probe, i) => ({ ...probe, answer: answers[i] }))
  return inferPredictionType(observations, info.predictionType)
}

/**
 * Tests the other timestep scale (0 to 1 instead of 0 to T - 1, or the reverse), and returns its verdict if
 * it fits far better. Many custom training loops use timesteps from 0 to 1.
 */
async function tryUnitTimesteps(
  model: Model,
  probes: readonly Probe[],
  ask: Ask,
  asOpened: PredictionVerdict,
): Promise<{ verdict: PredictionVerdict; timestepScale: number }> {
  const { info } = model
  const opened = { verdict: asOpened, timestepScale: info.timestepScale }
  const takesFractions = info.inputs.some(({ role, type }) => role === 'timestep' && type.startsWith('float'))
  if (!takesFractions) return opened
  const timestepScale = info.timestepScale === 1 ? 1 / info.numTrainTimesteps : 1
  const answers: Tensor[] = []
  for (const probe of probes) answers.push(await ask(probe, { timestepScale }))
  const verdict = findPrediction(model, probes, answers)
  const fits = isConclusive(verdict) && scaleFactor * verdict.error < asOpened.error
  return fits ? { verdict, timestepScale } : opened
}

/** Returns the largest difference over the answer's root mean square; the difference itself if that is 0. */
function differenceOverRms(answer: Tensor, other: Tensor): number {
  const rms = rootMeanSquare(answer.data)
  const largest = answer.data.reduce((most, value, i) => Math.max(most, Math.abs(value - other.data[i])), 0)
  return rms === 0 ? largest : largest / rms
}

/** Returns the mean of each flat picture as the network predicts it through the noise. */
function flatPicturesOf(
  { x, level }: Probe,
  answer: Tensor,
  { predictionType }: PredictionVerdict,
): [number, number] {
  const epsilon = toEpsilon(answer, x, level, predictionType, createTensor(x.shape))
  const pictures = predictX0(x, epsilon, level)
  return [meanOf(itemOf(pictures, 0).data), meanOf(itemOf(pictures, 1).data)]
}
