import { useExplore } from '../../stores/explore'
import { useLibrary } from '../../stores/library'

/** Describes what has to be done before there is a latent to show; empty for the pad, which has its own text. */
export function describeMissing(): string {
  const { mode, kind, itemsOf } = useExplore()
  if (useLibrary().items.length === 0) return 'Add pictures to the library first.'
  if (mode === 'pad') return ''
  if (mode === 'walk') return 'Drop a picture on “Around”.'
  if (itemsOf('from').length === 0) return 'Drop a picture on “Start”.'
  if (kind === 'principal')
    return 'Drop two or more pictures on “Computed from”: the direction is how they differ most.'
  if (itemsOf('plus').length > 0) return 'Drop pictures on “Away from”.'
  if (itemsOf('minus').length > 0) return 'Drop pictures on “Towards”.'
  return 'Drop pictures on “Towards” and on “Away from”: the direction leads from one group to the other.'
}
