import { setImmediate } from 'node:timers/promises'
import {
  addDiscreteNoise,
  evenAlphas,
  reverseDiscrete,
  type DiscreteState,
} from '#core/diffusion/discrete/discreteProcess'
import { mixturePosterior } from '#core/diffusion/discrete/mixturePosterior'
import { reverseRules } from '#core/diffusion/discrete/reverseRule'
import { createKeyedUniform } from '#core/random/gaussian'
import type { Pixels } from '#core/picture/pixels'
import type { DiscreteReport, DiscreteStrip, DiscreteStudy } from '#shared/lab'
import { sourceName } from '#shared/sourceName'
import { drawPictureTable } from '../../image/figure/pictureTable'
import { fitPicture } from '../../image/fitPicture'
import type { RenderCache } from '../../animation/renderCache'
import { reportProgress } from '../../job/reportProgress'
import type { Job } from '../../job/Job'
import type { RequestContext } from '../../job/requestContext'
import { decodeStop } from '../studyPictures'
import { indexColours, paintState, type IndexedPictures } from './colourIndices'

/** Number of states shown per reverse walk, and of pictures shown from the data. */
const columns = 8

/** A reverse walk, and its states that are shown. */
interface Walk {
  readonly strip: DiscreteStrip
  readonly shown: readonly DiscreteState[]
}

/**
 * Brings one x_T of pure noise back to a picture with every rule for sigma and every number of steps, using
 * the exact posterior of the pictures instead of a network (paper, appendix A).
 *
 * @param beginJob  opens the model that decodes stops other than pictures; never called if there are none
 * @throws StudioError as `openPicture` and `resolveLatent`
 */
export async function studyDiscrete(
  cache: RenderCache,
  study: DiscreteStudy,
  context: RequestContext,
  beginJob: () => Promise<Job>,
): Promise<DiscreteReport> {
  const { stops, side, colours, steps } = study
  const fitted: Pixels[] = []
  for (const stop of stops) {
    if (stop.kind === 'picture') {
      const { path, fit } = stop.picture
      fitted.push(fitPicture(await cache.latents.pictures.open(path, context.signal), fit, side, side))
    } else {
      const { pixels } = await decodeStop(cache, await beginJob(), stop)
      fitted.push(fitPicture(pixels, { mode: 'cover' }, side, side))
    }
  }
  const data = indexColours(fitted, colours)
  const progress = reportProgress(context, 'measure', steps.length * reverseRules.length)
  const walks: Walk[] = []
  for (const rule of reverseRules) {
    for (const count of steps) {
      walks.push(await walkBack(data, { rule, steps: count, seed: study.seed }, context.signal))
      progress(walks.length)
    }
  }
  return {
    pictures: stops.map(sourceName),
    colours: data.classes,
    strips: walks.map(({ strip }) => strip),
    figure: await drawStrips(data, walks),
  }
}

async function walkBack(
  { pictures, classes }: IndexedPictures,
  { rule, steps, seed }: { rule: (typeof reverseRules)[number]; steps: number; seed: number },
  signal: AbortSignal,
): Promise<Walk> {
  // Every strip starts from the same x_T, so that any difference comes from the steps.
  const xT = addDiscreteNoise(pictures[0], { alpha: 0, classes }, createKeyedUniform([seed, 0]))
  const run = { alphas: evenAlphas(steps), classes, rule, predict: mixturePosterior(pictures, classes) }
  const states = [xT]
  for (const x of reverseDiscrete(xT, run, createKeyedUniform([seed, 1]))) {
    states.push(x)
    await setImmediate()
    signal.throwIfAborted()
  }
  const end = states.at(-1)!
  const agreements = pictures.map((picture) => shareEqual(picture, end))
  const agreement = Math.max(...agreements)
  const changes = states.slice(1).reduce((sum, x, i) => sum + 1 - shareEqual(x, states[i]), 0)
  const strip = { rule: rule.id, steps, changes, picture: agreements.indexOf(agreement), agreement }
  const shown = Array.from({ length: columns }, (_, i) => states[Math.floor((i * steps) / (columns - 1))])
  return { strip, shown }
}

function shareEqual(a: DiscreteState, b: DiscreteState): number {
  return a.reduce((count, colour, i) => count + (colour === b[i] ? 1 : 0), 0) / a.length
}

function drawStrips(
  { pictures, palette, classes }: IndexedPictures,
  walks: readonly Walk[],
): Promise<Uint8Array> {
  const title = new Map(reverseRules.map((rule) => [rule.id as string, rule.title]))
  const rows = [pictures.slice(0, columns), ...walks.map(({ shown }) => shown)]
  return drawPictureTable({
    title: `The discrete process on ${pictures.length} pictures of ${classes} colours`,
    subtitle: 'One x_{T} of noise, brought back with the exact posterior (paper, appendix A)',
    columns: [],
    rows: ['data', ...walks.map(({ strip }) => `${title.get(strip.rule)}, S = ${strip.steps}`)],
    pictures: rows.map((row) => row.map((state) => paintState(state, palette))),
  })
}
