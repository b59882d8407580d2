import type { Latent } from '#core/diffusion/latent'
import {
  gridPosition,
  type GridPosition,
  latentAt,
  latentOfFrame,
  pathPosition,
  type PathPosition,
} from '#core/timeline/timeline'
import type { FramePlan } from '#shared/framePlan'
import type { ResolvedLatent } from '../latent/ResolvedLatent'
import { type Condition, mixConditions } from '../model/network/condition'
import { hashPins, pinsAt, type WeightedPin } from './pins'

type PathPlan = Extract<FramePlan, { kind: 'path' }>

/** What decoding a frame takes. */
export interface DecodableFrame {
  /** Whose noise it is decoded with: pictures of a list have their own, the frames of a film share one path. */
  readonly noiseItem: number
  /** What is added to it once it is decoded: see `pinFrame`. */
  readonly pins: readonly WeightedPin[]
  /** Mixes its latent, which for all frames of a long film at once would take much memory. */
  latent(): Latent
  /** Mixes what it is decoded on. */
  condition(): Condition
}

/** A frame of a plan, still to be decoded. */
export interface PlannedFrame extends DecodableFrame {
  /** Equal keys mean equal latents, and equal pins. */
  readonly key: string
}

/** Frame `index` of a plan whose stops are resolved, in the order of the plan. */
export function planFrame(plan: FramePlan, stops: readonly ResolvedLatent[], index: number): PlannedFrame {
  if (plan.kind === 'path') return planPosition(plan, stops, pathPosition(plan, index))
  const latents = stops.map(({ latent }) => latent)
  const latent = () => latentOfFrame(plan, latents, index)
  if (plan.kind === 'list') {
    const { key, condition } = stops[index]
    return { key, noiseItem: index, pins: [], latent, condition: () => condition }
  }
  const position = gridPosition(plan, index)
  const conditions = stops.map(({ condition }) => condition)
  return {
    key: JSON.stringify([stops.map(({ key }) => key), position]),
    noiseItem: 0,
    pins: [],
    latent,
    condition: () => mixConditions(conditions, gridWeights(position)),
  }
}

/** A frame at a position of a path, whether it is one of the path's own or not. */
export function planPosition(
  { pinned = false }: PathPlan,
  stops: readonly ResolvedLatent[],
  position: PathPosition,
): PlannedFrame {
  const { from, to, fraction } = position
  const latents = stops.map(({ latent }) => latent)
  const pins = pinned ? pinsAt(position, stops) : []
  const key = positionKey(stops, position)
  return {
    key: pins.length > 0 ? `${key} pinned ${hashPins(pins)}` : key,
    noiseItem: 0,
    pins,
    latent: () => latentAt(latents, position),
    // Conditions are mixed linearly, whatever the latents are mixed by.
    condition: () => mixConditions([stops[from].condition, stops[to].condition], [1 - fraction, fraction]),
  }
}

/** A stop has one key however one gets there. */
function positionKey(stops: readonly ResolvedLatent[], position: PathPosition): string {
  const { from, to, fraction, interpolation, stops: mixed, durations } = position
  if (Number.isInteger(fraction)) return stops[fraction === 0 ? from : to].key
  const keys = mixed.map((stop) => stops[stop].key)
  return JSON.stringify([keys, mixed.indexOf(from), durations, fraction, interpolation])
}

/** Shares of a grid's four corners, row-major. */
function gridWeights({ across, down }: GridPosition): number[] {
  return [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down]
}
