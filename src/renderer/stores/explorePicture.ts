import { toFailure, type Failure } from '#shared/errors'
import type { LatentSource } from '#shared/latentSource'
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { request } from '../base/api'
import { pngBlob } from '../base/pngBlob'
import { stableJson } from '#shared/stableJson'
import type { FrameQuality } from '../playback/pickFrames'
import { useEncoding } from './encoding'
import { useExplore } from './explore'
import { useModel } from './model'
import { useSettings } from './settings'
import { useWorkspace } from './workspace'

/** A picture to be decoded, and a key for everything that determines its pixels. */
interface Wanted {
  readonly source: LatentSource
  readonly key: string
}

/** The picture of the latent that is tried out: first a draft, which is then refined. */
export const useExplorePicture = defineStore('explorePicture', () => {
  const explore = useExplore()
  const encoding = useEncoding()
  const model = useModel()
  const settings = useSettings()
  const workspace = useWorkspace()
  const shown = shallowRef<{ bitmap: ImageBitmap; quality: FrameQuality; key: string } | null>(null)
  const failure = shallowRef<Failure | null>(null)
  let working: { quality: FrameQuality; key: string; controller: AbortController } | null = null

  const isOpen = computed(() => workspace.view === 'explore')
  /** Items that must be encoded first. */
  const waiting = computed(() => explore.parts.filter((item) => !encoding.isReady(item)))
  const wanted = computed<Wanted | null>(() => {
    const source = explore.latent && settings.latentOf(explore.latent)
    if (!isOpen.value || !source || !model.source || waiting.value.length > 0) return null
    return { source, key: stableJson([model.identity, source, settings.decode]) }
  })
  const isCurrent = computed(() => shown.value !== null && shown.value.key === wanted.value?.key)

  function nextQuality(): FrameQuality | null {
    if (!isCurrent.value) return settings.draft ? 'draft' : 'final'
    return shown.value?.quality === 'draft' ? 'final' : null
  }

  /**
   * Runs one request at a time. A draft may finish, so that the picture follows the pointer; refining gives
   * way.
   */
  async function pump(): Promise<void> {
    if (working) {
      if (working.quality === 'final' && working.key !== wanted.value?.key) working.controller.abort()
      return
    }
    const [next, quality] = [wanted.value, nextQuality()]
    if (!next || !quality || failure.value) return
    working = { quality, key: next.key, controller: new AbortController() }
    try {
      await draw(next, quality, working.controller.signal)
    } catch (thrown) {
      const isWanted = next.key === wanted.value?.key
      if (isWanted && !working.controller.signal.aborted) failure.value = toFailure(thrown)
    }
    working = null
    void pump()
  }

  async function draw({ source, key }: Wanted, quality: FrameQuality, signal: AbortSignal): Promise<void> {
    const draft = quality === 'draft' ? settings.draft : undefined
    const plan = { kind: 'list' as const, latents: [source] }
    const { frames } = await request(
      'animation.frames',
      {
        model: model.source!,
        plan,
        indices: [0],
        decode: settings.decode,
        draft,
        urgent: quality === 'draft',
      },
      { signal },
    )
    const before = shown.value
    shown.value = { bitmap: await createImageBitmap(pngBlob(frames[0])), quality, key }
    before?.bitmap.close()
  }

  function retry(): void {
    failure.value = null
    encoding.enqueue(waiting.value, { first: true, retry: true })
    void pump()
  }

  watch(
    wanted,
    () => {
      failure.value = null
      void pump()
    },
    { immediate: true },
  )
  watch([isOpen, waiting], ([open, items]) => open && encoding.enqueue(items, { first: true }), {
    immediate: true,
  })

  return { shown, isCurrent, waiting, failure, retry }
})
