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
 * How many network evaluations a draft may take, in ascending order; with more, drafts would not keep up with
 * the playhead. Each timeline uses the fewest that show its pictures: see `useDrafts`.
 */
export const draftEvaluations: readonly number[] = [3, 4, 5, 8]

/** Final frames with this many steps or fewer need no drafts, which would not be much faster. */
const quickSteps = 10

/** Final frames that take this many seconds or less keep up with the playhead, and need no drafts. */
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
  /** What decides how many steps the open model needs. */
  const presetKind = computed<PresetKind>(() => (model.info ? presetKindOf(model.info) : 'pixels'))
  /** The presets of the open model. */
  const presets = computed(() => presetsFor(presetKind.value))
  const inUse = (one: Preset): boolean => isPreset(one, encode.value, decode.value)
  /** The preset in use, or null for a person's own settings. */
  const preset = computed<Preset | null>(() => presets.value.find(inUse) ?? null)
  /** What a preset was in an earlier version, if that is in use: a project keeps the settings it was made with. */
  const earlierPreset = computed<Preset | null>(() =>
    preset.value ? null : (earlierPresetsFor(presetKind.value).find(inUse) ?? null),
  )
  /**
   * Returns the preset that takes the place of the one in use when a model of this kind is opened: that of the same
   * name. Null for a person's own settings, which stay, and for a model that cannot be opened.
   */
  const presetWith = (kind: PresetKind | null): Preset | null =>
    kind && preset.value && presetFor(kind, preset.value.id)
  /** What the number of evaluations depends on besides the settings. */
  const schedule = computed(() => ({ cleanTimestep: model.info?.cleanTimestep }))
  /** Whether final frames are fast enough to need no drafts. */
  const isQuick = computed(() => {
    const { secondsPerEvaluation, secondsPerDecoding } = pace.current
    // Whether guidance leads a frame somewhere depends on its stops: with prompts, it may.
    const evaluations = decodeNfe({ ...decode.value, ...schedule.value }, takesPrompts.value)
    const seconds = (secondsPerEvaluation ?? Infinity) * evaluations + (secondsPerDecoding ?? Infinity)
    return decode.value.steps <= quickSteps || seconds <= quickSeconds
  })
  /** The number of evaluations that drafts of the timeline's pictures were found to need. */
  const neededEvaluations = ref(draftEvaluations[0])
  /** The draft settings of a request; undefined if final frames are fast enough to need no drafts. */
  const draft = computed(() => (isQuick.value ? undefined : { evaluations: neededEvaluations.value }))

  /** How many classes the model has; null if it is unconditional. */
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
   * @param prompt  what it is decoded on at a stop, in place of its own
   */
  const latentOf = (item: Item, prompt?: string): LatentSource | null =>
    latentsOf.latentOf(item, { ...context.value, byId: library.byId, prompt })

  function apply({ encode: nextEncode, decode: nextDecode }: Pick<Preset, 'encode' | 'decode'>): void {
    encode.value = { ...nextEncode }
    // Guidance has nothing to do with how well a latent is decoded.
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

/** Whether these settings are those of a preset, which says nothing about guidance. */
export function isPreset(preset: Preset, encode: EncodeSettings, decode: DecodeSettings): boolean {
  return (
    stableJson([preset.encode, preset.decode]) === stableJson([encode, { ...decode, guidance: undefined }])
  )
}
