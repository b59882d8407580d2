import type { DecodeSettings } from '#core/diffusion/settings'
import { NotCachedError, type Job } from '../job/Job'
import type { RenderCache } from './renderCache'
import type { PlannedFrame } from './planFrame'
import { renderFrames, type RenderOptions } from './renderFrames'

/** Returns the frames in order once all of them are ready. */
export async function collectFrames(
  cache: RenderCache,
  job: Job,
  frames: readonly PlannedFrame[],
  options: RenderOptions,
): Promise<Uint8Array[]> {
  return (await collectAndCount(cache, job, frames, options)).frames
}

/** Frames in order, and where they come from. */
export interface CollectedFrames {
  readonly frames: Uint8Array[]
  /** How many had to be decoded. Equal frames are decoded once. */
  readonly decoded: number
  /** How many a project brought. */
  readonly brought: number
}

/** Like {@link collectFrames}, and also counts how many were decoded and how many came from a project. */
export async function collectAndCount(
  cache: RenderCache,
  job: Job,
  frames: readonly PlannedFrame[],
  options: RenderOptions,
): Promise<CollectedFrames> {
  const pngs: Uint8Array[] = []
  const decoded = new Set<Uint8Array>()
  let brought = 0
  for await (const { index, png, isKept, isBrought } of renderFrames(cache, job, frames, options)) {
    pngs[index] = png
    if (!isKept) decoded.add(png)
    if (isBrought) brought++
  }
  return { frames: pngs, decoded: decoded.size, brought }
}

/** Returns the frames in order if all of them are cached, otherwise null. Computes nothing. */
export async function findFrames(
  cache: RenderCache,
  job: Job,
  frames: readonly PlannedFrame[],
  settings: DecodeSettings,
): Promise<CollectedFrames | null> {
  try {
    return await collectAndCount(cache, job.with({ computes: 'nothing' }), frames, { settings })
  } catch (error) {
    if (error instanceof NotCachedError) return null
    throw error
  }
}
