import type { Latent } from '#core/diffusion/latent'
import { gridPosition, latentOfFrame, pathPosition } from '#core/timeline/timeline'
import type { FramePlan } from '#shared/settings'
import type { ResolvedLatent } from '../latent/ResolvedLatent'
import type { Condition } from '../model/network/condition'
import { conditionOfFrame } from './conditionOfFrame'

/** A frame still to be decoded. */
export interface PlannedFrame {
  /** Equal keys mean equal latents. */
  readonly key: string
  /** Whose noise it is decoded with: pictures of a list have their own, the frames of a film share one path. */
  readonly noiseItem: number
  /** Mixes its latent, which for all frames of a long film at once would take much memory. */
  latent(): Latent
  /** Mixes what it is decoded on. */
  condition(): Condition
}

/** Frame `index` of a plan whose stops are resolved, in the order of the plan. */
export function planFrame(plan: FramePlan, stops: readonly ResolvedLatent[], index: number): PlannedFrame {
  const latents = stops.map(({ latent }) => latent)
  const conditions = stops.map(({ condition }) => condition)
  return {
    key: frameKey(plan, stops, index),
    noiseItem: plan.kind === 'list' ? index : 0,
    latent: () => latentOfFrame(plan, latents, index),
    condition: () => conditionOfFrame(plan, conditions, index),
  }
}

function frameKey(plan: FramePlan, stops: readonly ResolvedLatent[], index: number): string {
  if (plan.kind === 'list') return stops[index].key
  if (plan.kind === 'grid') {
    return JSON.stringify([stops.map(({ key }) => key), gridPosition(plan, index)])
  }
  const { from, to, fraction, interpolation, stops: mixed, durations } = pathPosition(plan, index)
  if (Number.isInteger(fraction)) return stops[fraction === 0 ? from : to].key
  const keys = mixed.map((stop) => stops[stop].key)
  return JSON.stringify([keys, mixed.indexOf(from), durations, fraction, interpolation])
}
