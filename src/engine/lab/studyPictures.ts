import type { Latent } from '#core/diffusion/latent'
import type { DecodeSettings } from '#core/diffusion/settings'
import type { Tensor } from '#core/diffusion/tensor'
import { mostSteps } from '#core/diffusion/timestepSpacing'
import type { Pixels } from '#core/picture/pixels'
import type { StudyStop } from '#shared/lab'
import { defaultSettings } from '#shared/presets'
import type { LatentSource } from '#shared/latentSource'
import { sourceName } from '#shared/sourceName'
import type { RenderCache } from '../animation/renderCache'
import { planFrame } from '../animation/planFrame'
import { collectFrames } from '../animation/collectFrames'
import { recordSources } from '../animation/sourceRecords'
import { decodePng } from '../image/decodePng'
import { pixelsToTensor } from '../image/tensorPixels'
import { conditionOf, promptsOfPicture } from '../job/conditionOf'
import type { Job } from '../job/Job'
import { reportProgress } from '../job/reportProgress'
import { loadPicture } from '../latent/encodePicture'
import { hashLatent } from '../latent/hashLatent'
import type { ResolvedLatent } from '../latent/ResolvedLatent'
import { resolveLatent } from '../latent/resolveLatent'
import type { Condition } from '../model/network/condition'
import { encodingCondition, splitGuidance } from '../model/network/guidance'
import type { PictureRecord } from './journal'

/** A picture that a study measures. */
export interface StudyPicture {
  readonly record: PictureRecord
  /** On [-1, 1], [1, C, H, W]. */
  readonly picture: Tensor
  /** The condition that it is encoded and decoded under. */
  readonly condition: Condition
}

type PictureStop = Extract<StudyStop, { kind: 'picture' }>
type LatentStop = Exclude<StudyStop, PictureStop>

/**
 * Loads the pictures of a study's stops: files as the model sees them, and what any other latent decodes to.
 *
 * @throws StudioError as `openPicture` and `resolveLatent`
 */
export async function loadStudyPictures(
  cache: RenderCache,
  job: Job,
  stops: readonly StudyStop[],
): Promise<StudyPicture[]> {
  const loaded: StudyPicture[] = []
  for (const stop of stops) {
    job.context.signal.throwIfAborted()
    loaded.push(await (stop.kind === 'picture' ? loadFile(cache, job, stop) : loadDecoded(cache, job, stop)))
  }
  return loaded
}

async function loadFile(cache: RenderCache, job: Job, stop: PictureStop): Promise<StudyPicture> {
  const { picture: source, class: classIndex, prompt, sourcePrompt } = stop
  const { info, picture } = await loadPicture(cache.latents, job, source)
  const { name, sha256 } = info
  const record = { name, sha256, fit: source.fit, class: classIndex, prompt, sourcePrompt }
  const condition = encodingCondition(await conditionOf(job, stop, promptsOfPicture(stop)))
  return { record, picture, condition }
}

async function loadDecoded(cache: RenderCache, job: Job, stop: LatentStop): Promise<StudyPicture> {
  const { resolved, pixels, decode } = await decodeStop(cache, job, stop)
  const plan = { kind: 'list' as const, latents: [stop] }
  const [source] = await recordSources(plan, cache.latents.pictures, job.context.signal)
  return {
    record: { name: sourceName(stop), latentSha256: hashLatent(resolved.latent), source, decode },
    picture: pixelsToTensor(pixels, job.model.info.picture.channels),
    condition: splitGuidance(resolved.condition).target,
  }
}

/**
 * Decodes the picture of a latent with the default settings, the same for every study, so that their results are
 * comparable; a latent with fewer timesteps than they have steps visits all of them. The result is an ordinary
 * picture with 8 bits per channel, and is cached like frames.
 */
export async function decodeStop(
  cache: RenderCache,
  job: Job,
  stop: LatentSource,
): Promise<{ resolved: ResolvedLatent; pixels: Pixels; decode: DecodeSettings }> {
  const resolved = await resolveLatent(cache.latents, job, stop, null)
  const decode = standardDecode(job, resolved.latent)
  const frame = planFrame({ kind: 'list', latents: [stop] }, [resolved], 0)
  const progress = reportProgress(job.context, 'decode', decode.steps, { label: sourceName(stop) })
  const onStep = (frames: number): void => progress(frames * decode.steps)
  const [png] = await collectFrames(cache, job, [frame], { settings: decode, batch: 1, onStep })
  return { resolved, pixels: await decodePng(png), decode }
}

function standardDecode({ model: { schedule } }: Job, { timestep }: Latent): DecodeSettings {
  const { decode } = defaultSettings
  const { timestepSpacing } = decode
  const most = mostSteps(schedule, { timestepSpacing, endTimestep: timestep })
  return { ...decode, steps: Math.min(decode.steps, most) }
}
