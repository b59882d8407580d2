import type { Easing } from '#core/timeline/easing'

/** A curve to choose, with what it does in one plain sentence. */
export interface EasingPreset {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly easing: Easing
}

/** The curves that a segment can be given by name. Any other is drawn by hand. */
export const easingPresets: readonly EasingPreset[] = [
  { id: 'linear', label: 'Linear', hint: 'The same speed throughout', easing: 'linear' },
  { id: 'easeIn', label: 'Ease in', hint: 'Starts at rest and speeds up', easing: 'easeIn' },
  { id: 'easeOut', label: 'Ease out', hint: 'Slows down to rest', easing: 'easeOut' },
  { id: 'easeInOut', label: 'Ease in and out', hint: 'Rests at both stops', easing: 'easeInOut' },
  {
    id: 'strong',
    label: 'Strong',
    hint: 'Lingers at both stops, quick in between',
    easing: [0.8, 0, 0.2, 1],
  },
  {
    id: 'settle',
    label: 'Settle',
    hint: 'Leaves at once, then settles slowly',
    easing: [0.15, 0.85, 0.3, 1],
  },
  { id: 'hold', label: 'Hold', hint: 'Stays at the first stop, then jumps to the next', easing: 'hold' },
]

/** The preset that a curve is; none for one drawn by hand. */
export function presetOf(easing: Easing): EasingPreset | undefined {
  return easingPresets.find((preset) => String(preset.easing) === String(easing))
}

/** What a segment's timing is called: "Even" for measured places. */
export function timingName({
  easing,
  fractions,
}: {
  readonly easing: Easing
  readonly fractions?: readonly number[] | undefined
}): string {
  return fractions ? 'Even' : (presetOf(easing)?.label ?? 'Custom curve')
}
