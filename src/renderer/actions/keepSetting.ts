import type { Preferences } from '#shared/app'
import { useNotices } from '../stores/notices'
import { usePreferences } from '../stores/preferences'

/** Changes preferences and keeps them; says so when they could not be kept. */
export function keepSetting(changes: Partial<Preferences>): void {
  usePreferences()
    .change(changes)
    .catch((thrown: unknown) => useNotices().fail('The setting couldn’t be saved', thrown))
}
