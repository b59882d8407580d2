import { pathPosition, positionName } from '#core/timeline/timeline'
import type { FramePlan } from './framePlan'
import { stableJson } from './stableJson'

/** Returns a function that names the picture of a frame of a plan: frames of equal names show the same one. */
export function pictureNames(plan: FramePlan): (frame: number) => string {
  if (plan.kind !== 'path') return String
  const firstOf = new Map<string, number>()
  const names = plan.stops.map((source, at) => {
    const content = stableJson(source)
    if (!firstOf.has(content)) firstOf.set(content, at)
    return String(firstOf.get(content))
  })
  return (frame) => positionName(pathPosition(plan, frame), (stop) => names[stop])
}

/** Counts the different pictures that these frames of a plan show. */
export function countPictures(plan: FramePlan, frames: readonly number[]): number {
  return new Set(frames.map(pictureNames(plan))).size
}
