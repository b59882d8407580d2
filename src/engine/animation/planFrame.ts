import type { Latent } from '#core/diffusion/latent'
import {
  gridPosition,
  type GridPosition,
  latentAt,
  latentOfFrame,
  pathPosition,
  type PathPosition,
  positionName,
} from '#core/timeline/timeline'
import type { FramePlan, PathFramePlan } from '#shared/framePlan'
import type { ResolvedLatent } from '../latent/ResolvedLatent'
import { type Condition, mixConditions } from '../model/network/condition'
import { hashPins, pinsAt, type WeightedPin } from './pins'

/** What is needed to decode a frame. */
export interface DecodableFrame {
  /**
   * Selects the noise for decoding: the pictures of a list have their own, the frames of a film share
   * one path.
   */
  readonly noiseItem: number
  /** Corrections added after decoding: see `pinFrame`. */
  readonly pins: readonly WeightedPin[]
  /**
   * Mixes the latent on demand, because the latents of all frames of a long film would take too much memory.
   */
  latent(): Latent
  /** Mixes the condition that it is decoded under. */
  condition(): Condition
}

/** A frame of a plan that has not been decoded yet. */
export interface PlannedFrame extends DecodableFrame {
  /** Equal keys mean equal latents and equal pins. */
  readonly key: string
}

/**
 * Plans frame `index`, in plan order, of a plan whose stops are resolved. What it returns takes little memory: lists
 * of all stops are made only on demand, because there may be as many stops as frames.
 */
export function planFrame(plan: FramePlan, stops: readonly ResolvedLatent[], index: number): PlannedFrame {
  if (plan.kind === 'path') return planPosition(plan, stops, pathPosition(plan, index))
  if (plan.kind === 'list') {
    const stop = stops[index]
    const { key } = stop
    return { key, noiseItem: index, pins: [], latent: () => stop.latent, condition: () => stop.condition }
  }
  const position = gridPosition(plan, index)
  return {
    key: JSON.stringify([stops.map(({ key }) => key), position]),
    noiseItem: 0,
    pins: [],
    latent: () => latentOfFrame(plan, latentsOf(stops), index),
    condition: () =>
      mixConditions(
        stops.map(({ condition }) => condition),
        gridWeights(position),
      ),
  }
}

/** Plans a frame at any position of a path, not only at those of its own frames. */
export function planPosition(
  { pinned = false }: PathFramePlan,
  stops: readonly ResolvedLatent[],
  position: PathPosition,
): PlannedFrame {
  const { from, to, fraction } = position
  const pins = pinned ? pinsAt(position, stops) : []
  const key = positionName(position, (stop) => stops[stop].key)
  return {
    key: pins.length > 0 ? `${key} pinned ${hashPins(pins)}` : key,
    noiseItem: 0,
    pins,
    latent: () => latentAt(latentsOf(stops), position),
    // Conditions are mixed linearly, however the latents are mixed.
    condition: () => mixConditions([stops[from].condition, stops[to].condition], [1 - fraction, fraction]),
  }
}

function latentsOf(stops: readonly ResolvedLatent[]): Latent[] {
  return stops.map(({ latent }) => latent)
}

/** Weights of a grid's four corners, row-major. */
function gridWeights({ across, down }: GridPosition): number[] {
  return [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down]
}
