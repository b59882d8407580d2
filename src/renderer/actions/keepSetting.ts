import type { Preferences } from '#shared/app'
import { useNotices } from '../stores/notices'
import { usePreferences } from '../stores/preferences'

/** Changes and saves preferences; shows an error if they cannot be saved. */
export function keepSetting(changes: Partial<Preferences>): void {
  usePreferences()
    .change(changes)
    .catch((thrown: unknown) => useNotices().fail('The setting couldn’t be saved', thrown))
}
