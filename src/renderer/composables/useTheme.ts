import { usePreferredDark } from '@vueuse/core'
import { watchEffect } from 'vue'
import { usePreferences } from '../stores/preferences'

/** Keeps `data-theme` of the page equal to the chosen theme, or to the system's. */
export function useTheme(): void {
  const preferences = usePreferences()
  const systemDark = usePreferredDark()
  watchEffect(() => {
    const dark = preferences.theme === 'system' ? systemDark.value : preferences.theme === 'dark'
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  })
}
