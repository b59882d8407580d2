import type { SolverSettings } from '#core/diffusion/settings'
import { reasonAgainst } from '#core/diffusion/solvers/reasonAgainst'
import { combineSettings, tooManyStops, type LabSweep, type StudyStop } from '#shared/lab'
import { costOfFigures } from '#shared/labFigures'
import { partsOf, type LatentSource } from '#shared/latentSource'
import { limits } from '#shared/limits'
import { defaultSettings } from '#shared/presets'
import { nfe, roundTripNfe } from '#core/diffusion/cost'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { useLibrary, type Item } from './library'
import { useModel } from './model'
import { useSettings } from './settings'
import { useTimeline } from './timeline'

/**
 * How often the autoencoder is applied to one picture, in both directions together. Once per study, each
 * picture is encoded and decoded to measure the autoencoder alone. Each cell starts from that encoding, so it
 * only decodes what its own inversion returns.
 */
const [codingsPerStudy, codingsPerCell] = [2, 1]

/** Which items a study uses. */
export type StudyScope = 'selected' | 'timeline' | 'all'

/**
 * What the next study measures: pictures and latents, and the combinations of settings to encode and decode
 * them with.
 */
export const useLabChoice = defineStore('labChoice', () => {
  const library = useLibrary()
  const model = useModel()
  const timeline = useTimeline()
  const settings = useSettings()
  const sweep = shallowRef<LabSweep>({
    solvers: ['ddim', 'ab2', '2m'],
    timestepSpacings: ['linear', 'karras'],
    steps: [10, 20, 50],
    etas: [0],
  })
  /** Which items to use; if there are none of these, all of them. */
  const scope = ref<StudyScope>('selected')
  /** Whether the engine also draws the paper's figures into the folder. */
  const figures = ref(true)

  /** The items of each scope, without duplicates. */
  const scopes = computed<Record<StudyScope, readonly Item[]>>(() => ({
    selected: library.selected,
    timeline: [...new Set(timeline.items)],
    all: library.items,
  }))
  const items = computed(() =>
    scopes.value[scope.value].length > 0 ? scopes.value[scope.value] : library.items,
  )
  const stops = computed<StudyStop[]>(() => items.value.flatMap((item) => settings.latentOf(item) ?? []))
  /** Why the study cannot be run; null if it can. */
  const obstacle = computed(() => (stops.value.length > limits.studyPictures.max ? tooManyStops : null))
  /** Latents that are not a picture’s. They are measured on the pictures that they decode to. */
  const decoded = computed(() => stops.value.filter((stop) => stop.kind !== 'picture'))
  const combinations = computed(() => combinationsOf(sweep.value))
  /** The combinations with everything that their cost depends on. */
  const costed = computed(() => combinations.value.map((one) => ({ ...one, ...settings.schedule })))
  /** The cost of the paper’s figures, if they are drawn. */
  const drawing = computed(() =>
    costOfFigures(figures.value ? costed.value : [], stops.value.length, sweep.value.steps),
  )
  /** The cost in model evaluations. */
  const evaluations = computed(
    () =>
      stops.value.length * costed.value.reduce((sum, one) => sum + roundTripNfe(one), 0) +
      decoded.value.reduce((sum, one) => sum + evaluationsToDecode(one), 0) +
      drawing.value.evaluations,
  )
  /** How often the autoencoder of a latent model is applied to a picture, in either direction. */
  const codings = computed(
    () =>
      stops.value.length * codingsOf(combinations.value.length) +
      decoded.value.length +
      drawing.value.pictures,
  )

  /** Returns how often the autoencoder is applied to one picture in a study with this many cells. */
  function codingsOf(cells: number): number {
    return cells === 0 ? 0 : codingsPerStudy + codingsPerCell * cells
  }

  /**
   * Returns the network evaluations needed to decode the picture of a latent with the default settings. A
   * latent with fewer timesteps than these settings have steps visits all of its timesteps.
   */
  function evaluationsToDecode(latent: LatentSource): number {
    const { decode } = defaultSettings
    const { cleanTimestep = -1 } = settings.schedule
    const end = statedEnd(latent) ?? model.info?.defaultEndTimestep ?? Infinity
    return nfe({ ...decode, steps: Math.min(decode.steps, end - cleanTimestep), cleanTimestep }).decode
  }

  function change(changes: Partial<LabSweep>): void {
    sweep.value = { ...sweep.value, ...changes }
  }

  return {
    sweep,
    scope,
    scopes,
    figures,
    items,
    stops,
    obstacle,
    decoded,
    combinations,
    evaluations,
    codings,
    change,
  }
})

/**
 * Returns the end timestep that a latent specifies; all parts of a mix share theirs. For a file, it is the one
 * assumed in case the file specifies none; undefined if it can only be read from the file.
 */
function statedEnd(latent: LatentSource): number | undefined {
  if (latent.kind === 'picture') return latent.encode.endTimestep
  if (latent.kind === 'file') return latent.endTimestep ?? latent.assumedTimestep
  if (latent.kind === 'seed') return latent.endTimestep
  const ends = partsOf(latent).map(statedEnd)
  return ends.find((end) => end !== undefined)
}

/** Returns the valid combinations of a sweep. A model may still reject some. */
export function combinationsOf(sweep: LabSweep): SolverSettings[] {
  return combineSettings(sweep).filter((one) => reasonAgainst(one) === null)
}
