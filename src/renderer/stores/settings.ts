import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { presets, type Preset } from '#shared/presets'
import * as latentsOf from '#shared/documentLatents'
import type { LatentSource } from '#shared/latentSource'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { stableJson } from '../base/stableJson'
import { useDocument } from './document'
import { useLibrary, type Item, type Picture } from './library'
import { useModel } from './model'

/**
 * How often the network may be evaluated for a draft, least first; more would no longer follow the playhead. Each
 * timeline takes the least that shows its pictures: see `useDrafts`.
 */
export const draftEvaluations: readonly number[] = [3, 4, 5, 8]

/** Final frames in this many steps or fewer are quick enough to do without drafts. */
const quickSteps = 10

/** How pictures are encoded and latents decoded. */
export const useSettings = defineStore('settings', () => {
  const document = useDocument()
  const library = useLibrary()
  const model = useModel()
  const encode = computed<EncodeSettings>({
    get: () => document.value.encode,
    set: (next) => document.change({ encode: next }),
  })
  const decode = computed<DecodeSettings>({
    get: () => document.value.decode,
    set: (next) => document.change({ decode: next }),
  })
  /** Named settings that are in force, or null for a person's own. */
  const preset = computed<Preset | null>(
    () => presets.find((one) => isSame(one, encode.value, decode.value)) ?? null,
  )
  /** Evaluations that the drafts of the pictures on the timeline were found to need. */
  const neededEvaluations = ref(draftEvaluations[0])
  /** What drafts are asked for with; undefined where final frames are quick enough to do without. */
  const draft = computed(() =>
    decode.value.steps > quickSteps ? { evaluations: neededEvaluations.value } : undefined,
  )

  /** How many classes the model has; null for an unconditional one. */
  const classes = computed(() => model.info?.classes ?? null)
  /** Whether the model is shown texts. */
  const takesPrompts = computed(() => model.info?.takesPrompts ?? false)
  const context = computed(() => ({
    encode: encode.value,
    classes: classes.value,
    takesPrompts: takesPrompts.value,
  }))
  const pictureLatentOf = (picture: Picture) => latentsOf.pictureLatentOf(picture, context.value)
  /**
   * The latent that an item has under these settings; null where there is none.
   *
   * @param prompt  what it is decoded on at a stop, in the place of its own
   */
  const latentOf = (item: Item, prompt?: string): LatentSource | null =>
    latentsOf.latentOf(item, { ...context.value, byId: library.byId, prompt })

  function apply({ encode: nextEncode, decode: nextDecode }: Pick<Preset, 'encode' | 'decode'>): void {
    encode.value = { ...nextEncode }
    // How far texts lead is no matter of how well a latent is decoded.
    decode.value = { ...nextDecode, guidance: decode.value.guidance }
  }

  return {
    encode,
    decode,
    preset,
    draft,
    neededEvaluations,
    pictureLatentOf,
    latentOf,
    classes,
    takesPrompts,
    apply,
  }
})

function isSame(preset: Preset, encode: EncodeSettings, decode: DecodeSettings): boolean {
  return (
    stableJson([preset.encode, preset.decode]) === stableJson([encode, { ...decode, guidance: undefined }])
  )
}
