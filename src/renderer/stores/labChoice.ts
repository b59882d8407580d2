import { reasonAgainst } from '#core/diffusion/solvers/reasonAgainst'
import { combineSettings, type LabSweep } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { useLibrary } from './library'

/** What the next study will measure: pictures, and the combinations of settings to encode and decode them with. */
export const useLabChoice = defineStore('labChoice', () => {
  const library = useLibrary()
  const sweep = shallowRef<LabSweep>({
    solvers: ['ddim', 'ab2', '2m'],
    timestepSpacings: ['linear', 'karras'],
    steps: [10, 20, 50],
    etas: [0],
  })
  /** Which pictures are wanted; without a selection it is all of them. */
  const scope = ref<'selected' | 'all'>('selected')
  /** Whether the engine draws the paper's figures into the folder too. */
  const figures = ref(true)

  const pictures = computed(() =>
    scope.value === 'selected' && library.selectedPictures.length > 0
      ? library.selectedPictures
      : library.pictures,
  )
  /** The combinations that make sense; a model may still refuse some. */
  const combinations = computed(() =>
    combineSettings(sweep.value).filter((one) => reasonAgainst(one) === null),
  )
  /** The cost in model evaluations. */
  const evaluations = computed(
    () => pictures.value.length * combinations.value.reduce((sum, one) => sum + roundTripNfe(one), 0),
  )

  function change(changes: Partial<LabSweep>): void {
    sweep.value = { ...sweep.value, ...changes }
  }

  return { sweep, scope, figures, pictures, combinations, evaluations, change }
})
