import { nextTick } from 'vue'
import { useLayout } from '../stores/layout'

/** Moves the focus to the library's items, which the arrow keys then go through. */
export function goToLibrary(): Promise<void> {
  return focusInLibrary('[data-library] [tabindex="0"]', '[data-library-search]')
}

/** Moves the focus to the library's search, with its text selected. */
export async function searchLibrary(): Promise<void> {
  await focusInLibrary('[data-library-search]')
  document.querySelector<HTMLInputElement>('[data-library-search]')?.select()
}

/**
 * Opens the library if it is closed, and focuses the first of these elements that it shows. An empty library
 * shows none of them, only a button that opens pictures.
 */
async function focusInLibrary(...selectors: readonly string[]): Promise<void> {
  useLayout().open('library')
  await nextTick()
  for (const selector of [...selectors, '[data-library-open]']) {
    const found = document.querySelector<HTMLElement>(selector)
    if (found) return found.focus()
  }
}
