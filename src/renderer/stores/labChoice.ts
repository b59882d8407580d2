import { reasonAgainst } from '#core/diffusion/solvers/reasonAgainst'
import { combineSettings, type LabSweep } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { useLibrary } from './library'

/** What the next study will measure: pictures, and the rules by which they go there and back. */
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
    scope.value === 'selected' && library.selected.length > 0 ? library.selected : library.pictures,
  )
  /** The combinations that make sense; a model may still refuse some. */
  const rules = computed(() => combineSettings(sweep.value).filter((rule) => reasonAgainst(rule) === null))
  /** The price in network evaluations of one picture each. */
  const evaluations = computed(
    () => pictures.value.length * rules.value.reduce((sum, rule) => sum + roundTripNfe(rule), 0),
  )

  function change(changes: Partial<LabSweep>): void {
    sweep.value = { ...sweep.value, ...changes }
  }

  return { sweep, scope, figures, pictures, rules, evaluations, change }
})
