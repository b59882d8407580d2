import type { DocumentLatent } from '#shared/document'
import { referencesOf } from '#shared/documentLatents'
import { wholeShares } from '#core/numbers/wholeShares'
import { ontoPad, padWeights, type PadPoint } from '#core/timeline/padWeights'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { useLibrary, type Item } from './library'
import { useNotices } from './notices'
import { useProject } from './project'
import { useTimeline } from './timeline'

export type ExploreMode = 'pad' | 'direction' | 'walk'
/** How a direction is found: from the difference of two groups, or from how the latents of one group vary. */
export type DirectionKind = 'groups' | 'principal'
/** Slots that items are put into. */
export type ExploreSlot = 'from' | 'plus' | 'minus' | 'of' | 'around'

/** One moment of a recording on the pad; its time counts only while the pad is on the screen. */
export interface PadSample {
  readonly seconds: number
  readonly point: PadPoint
}

/** The point's path over the pad, and the ids of the items around the pad when the recording began. */
export interface PadRecording {
  readonly ids: readonly string[]
  readonly samples: readonly PadSample[]
}

/** How many items a pad can have. */
export const padSize = { min: 3, max: 9 } as const
/** The most items in a group. */
export const mostInGroup = 16

/** Weights of a mix smaller than this are left out. */
const leastShare = 0.0005

/**
 * Latents that can be tried out before they are kept: mixes on a pad, moves along directions, walks around a
 * latent.
 */
export const useExplore = defineStore('explore', () => {
  const library = useLibrary()
  const timeline = useTimeline()
  const mode = ref<ExploreMode>('pad')
  /** The pointer's position on the pad. */
  const point = shallowRef<PadPoint>({ x: 0, y: 0 })
  const kind = ref<DirectionKind>('groups')
  /** The principal component, counted from 1, in descending order of how much the latents vary along it. */
  const component = ref(1)
  const strength = ref(1)
  const seed = ref(1)
  /** In degrees: the distance of a walk from its centre, and the position on its circle. */
  const angle = ref(20)
  const degrees = ref(0)
  const chosen = shallowRef<Partial<Record<ExploreSlot, readonly string[]>>>({})

  /** The recording in progress; null if there is none. */
  const recording = shallowRef<PadRecording | null>(null)

  /**
   * The items around the pad: those of the recording in progress, else the selected ones, else those on the
   * timeline, else the first ones.
   */
  const padItems = computed<readonly Item[]>(() => {
    if (recording.value) return recording.value.ids.flatMap((id) => library.byId.get(id) ?? [])
    const ways = [library.selected, [...new Set(timeline.items)], library.items.slice(0, 4)]
    return (ways.find((items) => items.length >= padSize.min) ?? []).slice(0, padSize.max)
  })

  /** Begins a recording at the point's present position, in place of any other. */
  function record(): void {
    recording.value = {
      ids: padItems.value.map(({ id }) => id),
      samples: [{ seconds: 0, point: point.value }],
    }
  }

  /** Moves the pad's point, which a recording takes note of. `seconds` is the recording's time. */
  function move(to: PadPoint, seconds: number): void {
    point.value = ontoPad(to, padItems.value.length)
    if (!recording.value) return
    const { ids, samples } = recording.value
    recording.value = { ids, samples: [...samples, { seconds, point: point.value }] }
  }

  // A recording belongs to the work it began in. The samples have the same ids in all new work.
  watch(
    () => useProject().opened,
    () => (recording.value = null),
    { flush: 'sync' },
  )

  // A mix of items that are gone cannot be made.
  watch(
    () => library.byId,
    (byId) => {
      if (!recording.value || recording.value.ids.every((id) => byId.has(id))) return
      recording.value = null
      useNotices().show({
        title: 'The recording of a path has ended',
        detail: 'Something on the pad is not in the library any more.',
      })
    },
    { flush: 'sync' },
  )

  const weights = computed(() =>
    padItems.value.length === 0 ? [] : padWeights(point.value, padItems.value.length),
  )

  /**
   * How much of each item goes into the pad's mix, in whole percent with the sum 100, largest first. Items may
   * share a name.
   */
  const shares = computed(() => {
    const percents = wholeShares(weights.value, 100)
    return padItems.value
      .map(({ id, name }, at) => ({ id, name, percent: percents[at] }))
      .filter(({ percent }) => percent > 0)
      .sort((a, b) => b.percent - a.percent)
  })

  /**
   * Returns the items in a slot. By default, and if all chosen items are gone, this is the first selected item, else
   * the first one on the timeline, else the first in the library; for a single group, all pictures. A slot that the
   * user emptied stays empty.
   */
  function itemsOf(slot: ExploreSlot): readonly Item[] {
    const ids = chosen.value[slot]
    const known = ids?.flatMap((id) => library.byId.get(id) ?? [])
    if (known && (known.length > 0 || ids?.length === 0)) return known
    if (slot === 'of') return library.pictures.slice(0, mostInGroup)
    if (slot === 'plus' || slot === 'minus') return []
    return [library.selected[0] ?? timeline.items[0] ?? library.items[0]].filter(Boolean)
  }

  function choose(slot: ExploreSlot, items: readonly Item[]): void {
    chosen.value = { ...chosen.value, [slot]: items.map(({ id }) => id) }
  }

  const latentAt = { pad: mixAt, direction: moved, walk: walkAt }
  /** The latent that is tried out now, as it would be kept; null while some of its parts are missing. */
  const latent = computed<DocumentLatent | null>(() => latentAt[mode.value]())

  /** Returns the mix at a point of the pad. */
  function mixAt(where: PadPoint = point.value): DocumentLatent | null {
    const items = padItems.value
    if (items.length === 0) return null
    const parts = padWeights(where, items.length)
      .map((weight, at) => ({ source: items[at].id, weight: Number(weight.toFixed(4)) }))
      .filter(({ weight }) => weight >= leastShare)
    return { id: '', name: 'Pad mix', kind: 'mix', parts }
  }

  function moved(): DocumentLatent | null {
    const [from] = itemsOf('from')
    if (!from) return null
    const named = { id: '', name: `${from.name}, moved`, from: from.id, strength: strength.value }
    const ids = (slot: ExploreSlot) => itemsOf(slot).map(({ id }) => id)
    if (kind.value === 'principal') {
      const of = ids('of')
      const last = of.length - 2
      return last < 0
        ? null
        : { ...named, kind: 'principal', of, component: Math.min(component.value - 1, last) }
    }
    const [plus, minus] = [ids('plus'), ids('minus')]
    return plus.length === 0 || minus.length === 0 ? null : { ...named, kind: 'direction', plus, minus }
  }

  /** Returns the latent at a position on the walk's circle, in degrees. */
  function walkAt(at: number = degrees.value): DocumentLatent | null {
    const [around] = itemsOf('around')
    if (!around) return null
    const named = { id: '', name: `Walk around ${around.name}` }
    return { ...named, kind: 'walk', around: around.id, seed: seed.value, angle: angle.value, turn: at / 360 }
  }

  /** The items that this latent is made from. */
  const parts = computed<readonly Item[]>(() => {
    const ids = latent.value ? new Set(referencesOf(latent.value)) : []
    return [...ids].flatMap((id) => library.byId.get(id) ?? [])
  })

  return {
    mode,
    point,
    kind,
    component,
    strength,
    seed,
    angle,
    degrees,
    recording,
    padItems,
    record,
    move,
    weights,
    shares,
    itemsOf,
    choose,
    latent,
    mixAt,
    walkAt,
    parts,
  }
})
