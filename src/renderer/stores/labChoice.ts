import { combineRules, reasonAgainstRule, type LabSweep } from '#shared/lab'
import { roundTripEvaluations } from '#shared/price'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { useLibrary } from './library'

/** What the next study will measure: pictures, and the rules by which they go there and back. */
export const useLabChoice = defineStore('labChoice', () => {
  const library = useLibrary()
  const sweep = shallowRef<LabSweep>({
    solvers: ['ddim', 'ab2', '2m'],
    nodes: ['linear', 'karras'],
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
  const rules = computed(() => combineRules(sweep.value).filter((rule) => reasonAgainstRule(rule) === null))
  /** The price in network evaluations of one picture each. */
  const evaluations = computed(
    () => pictures.value.length * rules.value.reduce((sum, rule) => sum + roundTripEvaluations(rule), 0),
  )

  function change(changes: Partial<LabSweep>): void {
    sweep.value = { ...sweep.value, ...changes }
  }

  return { sweep, scope, figures, pictures, rules, evaluations, change }
})
