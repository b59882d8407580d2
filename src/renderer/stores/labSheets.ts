import { evaluationsOf } from '#shared/price'
import type { DecodeSettings, FramePlan } from '#shared/settings'
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive } from 'vue'
import { request } from '../api'
import { stableJson } from '../stableJson'
import { useModel } from './model'
import { useNotices } from './notices'

/** Some frames of a plan, decoded in one request. */
export interface SheetRequest {
  readonly plan: FramePlan
  readonly indices: readonly number[]
  readonly decode: DecodeSettings
}

/** Pictures kept at most; the oldest go first. */
const maxPictures = 2000

/** Pictures grown from seeds or latents for the Lab's strips and grids, kept by what decides their pixels. */
export const useLabSheets = defineStore('labSheets', () => {
  const model = useModel()
  const pictures = shallowReactive(new Map<string, Uint8Array>())
  /** Requests asked for and answered in the drawing under way; null while nothing is drawn. */
  const progress = ref<{ done: number; total: number } | null>(null)
  const share = computed(() => (progress.value ? progress.value.done / progress.value.total : 0))
  let controller: AbortController | null = null

  function keyOf({ plan, decode }: SheetRequest, index: number): string {
    return stableJson([model.identity, plan, decode, index])
  }

  /** A frame as PNG bytes, once it is drawn. */
  function pictureOf(sheet: SheetRequest, index: number): Uint8Array | null {
    return pictures.get(keyOf(sheet, index)) ?? null
  }

  /** Those that still have pictures to draw. */
  function missing(sheets: readonly SheetRequest[]): SheetRequest[] {
    return sheets.filter((sheet) => sheet.indices.some((index) => !pictureOf(sheet, index)))
  }

  /** Draws sheets one after the other. */
  async function draw(sheets: readonly SheetRequest[]): Promise<void> {
    if (progress.value || !model.source) return
    const wanted = missing(sheets)
    controller = new AbortController()
    progress.value = { done: 0, total: wanted.length }
    try {
      for (const [at, sheet] of wanted.entries()) {
        await drawSheet(sheet, controller.signal)
        progress.value = { done: at + 1, total: wanted.length }
      }
    } catch (thrown) {
      const again = { label: 'Try again', run: () => void draw(sheets) }
      useNotices().fail('The pictures could not be drawn', thrown, again)
    } finally {
      progress.value = null
    }
  }

  async function drawSheet(sheet: SheetRequest, signal: AbortSignal): Promise<void> {
    const { plan, indices, decode } = sheet
    const keys = indices.map((index) => keyOf(sheet, index))
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

/** Network evaluations that drawing sheets takes. */
export function priceOfSheets(sheets: readonly SheetRequest[]): number {
  return sheets.reduce((sum, { indices, decode }) => sum + indices.length * evaluationsOf(decode).back, 0)
}
