import type { Easing } from '#core/timeline/easing'

/** An easing curve to choose, with its effect in one plain sentence. */
export interface EasingPreset {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly easing: Easing
}

/** The named curves that a segment can have. Any other is drawn by hand. */
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

/** Returns the preset of a curve; undefined for one drawn by hand. */
export function presetOf(easing: Easing): EasingPreset | undefined {
  return easingPresets.find((preset) => String(preset.easing) === String(easing))
}

/** Returns the name of a segment's timing: "Even" if its places were measured. */
export function timingName({
  easing,
  fractions,
}: {
  readonly easing: Easing
  readonly fractions?: readonly number[] | undefined
}): string {
  return fractions ? 'Even' : (presetOf(easing)?.label ?? 'Custom curve')
}
