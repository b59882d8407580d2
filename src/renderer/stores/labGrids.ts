import { defineStore } from 'pinia'
import { computed, ref, shallowReactive } from 'vue'
import { request } from '../base/api'
import type { GridPart } from '../lab/frameGridPlans'
import { stableJson } from '#shared/stableJson'
import { useModel } from './model'
import { useNotices } from './notices'

/** The most pictures to keep; the oldest are dropped first. */
const maxPictures = 2000

/**
 * Pictures for the Lab’s strips and grids, decoded from seeds or latents and cached by everything that
 * determines them.
 */
export const useLabGrids = defineStore('labGrids', () => {
  const model = useModel()
  const pictures = shallowReactive(new Map<string, Uint8Array>())
  /** Requests completed and in total while something is drawn; null otherwise. */
  const progress = ref<{ done: number; total: number } | null>(null)
  const share = computed(() => (progress.value ? progress.value.done / progress.value.total : 0))
  let controller: AbortController | null = null

  function keyOf({ plan, decode }: GridPart, index: number): string {
    return stableJson([model.identity, plan, decode, index])
  }

  /** Returns a frame as PNG bytes; null until it is drawn. */
  function pictureOf(part: GridPart, index: number): Uint8Array | null {
    return pictures.get(keyOf(part, index)) ?? null
  }

  /** Returns the parts that still have pictures to draw. */
  function missing(parts: readonly GridPart[]): GridPart[] {
    return parts.filter((part) => part.indices.some((index) => !pictureOf(part, index)))
  }

  /** Draws the parts of a grid one after the other. */
  async function draw(parts: readonly GridPart[]): Promise<void> {
    if (progress.value || !model.source) return
    const wanted = missing(parts)
    controller = new AbortController()
    progress.value = { done: 0, total: wanted.length }
    try {
      for (const [at, part] of wanted.entries()) {
        await drawPart(part, controller.signal)
        progress.value = { done: at + 1, total: wanted.length }
      }
    } catch (thrown) {
      const again = { label: 'Try again', run: () => void draw(parts) }
      useNotices().fail('The pictures couldn’t be rendered', thrown, again)
    } finally {
      progress.value = null
    }
  }

  async function drawPart(part: GridPart, signal: AbortSignal): Promise<void> {
    const { plan, indices, decode } = part
    const keys = indices.map((index) => keyOf(part, index))
    const input = { model: model.source!, plan, indices: [...indices], decode }
    const { frames } = await request('animation.frames', input, { signal })
    for (const [at, key] of keys.entries()) pictures.set(key, frames[at])
    while (pictures.size > maxPictures) pictures.delete(pictures.keys().next().value!)
  }

  function cancel(): void {
    controller?.abort()
  }

  return { progress, share, pictureOf, missing, draw, cancel }
})
