import { watchEffect } from 'vue'
import { useLayout } from '../stores/layout'

/** Passes the text and panel sizes to the style sheets. */
export function useLayoutStyles(): void {
  const layout = useLayout()
  const { style } = document.documentElement
  watchEffect(() => {
    style.fontSize = `${layout.rem}px`
    const width = (panel: 'library' | 'inspector'): string =>
      layout.narrow || !layout.isOpen(panel) ? '0rem' : `${layout.shownSizes[panel]}rem`
    style.setProperty('--library-width', width('library'))
    style.setProperty('--inspector-width', width('inspector'))
    style.setProperty('--strip-height', `${layout.shownSizes.timeline}rem`)
  })
}
