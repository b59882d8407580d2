import { enlargements, type Enlargement } from '#core/picture/enlarge'
import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useModel } from './model'

/**
 * Pictures of a pixel-space model up to this many pixels a side are shown with sharp pixels unless the user
 * chooses otherwise, because each pixel is a number that the network computed.
 */
const smallSide = 128

/**
 * How pictures are viewed: how they are enlarged, and what appears next to a frame. Stored on this computer.
 */
export const useViewing = defineStore('viewing', () => {
  const model = useModel()
  /** Empty while the size of the model’s pictures determines it. */
  const chosen = useLocalStorage<string>('enlargement', '')
  const ofModel = computed<Enlargement>(() => {
    if (model.info === null) return 'smooth'
    const { autoencoder, picture } = model.info
    return autoencoder === null && Math.max(picture.width, picture.height) <= smallSide ? 'sharp' : 'smooth'
  })
  const enlargement = computed<Enlargement>({
    get: () => enlargements.find((id) => id === chosen.value) ?? ofModel.value,
    set: (next) => (chosen.value = next),
  })
  /**
   * Whether the stops on both sides appear next to a frame: ‘yes’, ‘no’, or empty if the available space
   * decides.
   */
  const stopsBeside = useLocalStorage<string>('stopsBesideFrame', '')

  /** Switches to the next enlargement; after the last, the first. */
  function cycleEnlargement(): void {
    const at = enlargements.indexOf(enlargement.value)
    enlargement.value = enlargements[(at + 1) % enlargements.length]
  }

  return { enlargement, stopsBeside, cycleEnlargement }
})
