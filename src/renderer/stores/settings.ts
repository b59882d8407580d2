import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { decodeNfe } from '#core/diffusion/cost'
import { presetKindOf } from '#shared/bundledModels'
import { earlierPresetsFor, presetFor, presetsFor, type Preset, type PresetKind } from '#shared/presets'
import * as latentsOf from '#shared/documentLatents'
import type { LatentSource } from '#shared/latentSource'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { stableJson } from '#shared/stableJson'
import { useDocument } from './document'
import { useLibrary, type Item, type Picture } from './library'
import { useModel } from './model'
import { usePace } from './pace'

/**
 * The numbers of network evaluations that a draft may take, in ascending order; with more, drafts would not
 * keep up with the playhead. Each timeline uses the lowest number that shows its pictures: see `useDrafts`.
 */
export const draftEvaluations: readonly number[] = [3, 4, 5, 8]

/** If final frames take at most this many steps, drafts are not used: they would not be much faster. */
const quickSteps = 10

/** If final frames take at most this many seconds, they keep up with the playhead and drafts are not used. */
const quickSeconds = 0.15

/** How pictures are encoded and latents decoded. */
export const useSettings = defineStore('settings', () => {
  const document = useDocument()
  const library = useLibrary()
  const model = useModel()
  const pace = usePace()
  const encode = computed<EncodeSettings>({
    get: () => document.value.encode,
    set: (next) => document.change({ encode: next }),
  })
  const decode = computed<DecodeSettings>({
    get: () => document.value.decode,
    set: (next) => document.change({ decode: next }),
  })
  /** The kind of the open model, which determines how many steps it needs. */
  const presetKind = computed<PresetKind>(() => (model.info ? presetKindOf(model.info) : 'pixels'))
  /** The presets of the open model. */
  const presets = computed(() => presetsFor(presetKind.value))
  const inUse = (one: Preset): boolean => isPreset(one, encode.value, decode.value)
  /** The preset in use; null for the user’s own settings. */
  const preset = computed<Preset | null>(() => presets.value.find(inUse) ?? null)
  /**
   * The preset of an earlier version that is in use, if any: a project keeps the settings that it was made
   * with.
   */
  const earlierPreset = computed<Preset | null>(() =>
    preset.value ? null : (earlierPresetsFor(presetKind.value).find(inUse) ?? null),
  )
  /**
   * Returns the preset that replaces the one in use when a model of this kind is opened: the one of the same
   * name. Null for the user’s own settings, which stay, and for a model that cannot be opened.
   */
  const presetWith = (kind: PresetKind | null): Preset | null =>
    kind && preset.value && presetFor(kind, preset.value.id)
  /** The part of the noise schedule on which the number of evaluations depends. */
  const schedule = computed(() => ({ cleanTimestep: model.info?.cleanTimestep }))
  /** Whether final frames are fast enough to need no drafts. */
  const isQuick = computed(() => {
    const { secondsPerEvaluation, secondsPerDecoding } = pace.current
    // Whether guidance has an effect on a frame depends on its stops: with prompts, it may have one.
    const evaluations = decodeNfe({ ...decode.value, ...schedule.value }, takesPrompts.value)
    const seconds = (secondsPerEvaluation ?? Infinity) * evaluations + (secondsPerDecoding ?? Infinity)
    return decode.value.steps <= quickSteps || seconds <= quickSeconds
  })
  /** The number of evaluations that drafts of the timeline's pictures were found to need. */
  const neededEvaluations = ref(draftEvaluations[0])
  /** The draft settings of a request; undefined if final frames are fast enough to need no drafts. */
  const draft = computed(() => (isQuick.value ? undefined : { evaluations: neededEvaluations.value }))

  /** The number of classes of the model; null if it is unconditional. */
  const classes = computed(() => model.info?.classes ?? null)
  /** Whether the model is conditioned on texts. */
  const takesPrompts = computed(() => model.info?.takesPrompts ?? false)
  const context = computed(() => ({
    encode: encode.value,
    classes: classes.value,
    takesPrompts: takesPrompts.value,
  }))
  const pictureLatentOf = (picture: Picture) => latentsOf.pictureLatentOf(picture, context.value)
  /**
   * Returns the latent of an item under these settings; null if there is none.
   *
   * @param prompt  the prompt to decode it with at a stop, in place of the item’s own
   */
  const latentOf = (item: Item, prompt?: string): LatentSource | null =>
    latentsOf.latentOf(item, { ...context.value, byId: library.byId, prompt })

  function apply({ encode: nextEncode, decode: nextDecode }: Pick<Preset, 'encode' | 'decode'>): void {
    encode.value = { ...nextEncode }
    // Guidance is left out, because it does not affect how accurately a latent is decoded.
    decode.value = { ...nextDecode, guidance: decode.value.guidance }
  }

  return {
    encode,
    decode,
    presetKind,
    presets,
    preset,
    earlierPreset,
    presetWith,
    schedule,
    draft,
    neededEvaluations,
    pictureLatentOf,
    latentOf,
    classes,
    takesPrompts,
    apply,
  }
})

/** Whether these settings are those of a preset. Presets do not include guidance. */
export function isPreset(preset: Preset, encode: EncodeSettings, decode: DecodeSettings): boolean {
  return (
    stableJson([preset.encode, preset.decode]) === stableJson([encode, { ...decode, guidance: undefined }])
  )
}
