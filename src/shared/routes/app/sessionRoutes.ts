import { z } from 'zod'
import { type AppState, type Preferences, preferences, work } from '../../app'
import { route } from '../route'

/** The state that the window starts with and that is kept until the next start. */
export const sessionRoutes = {
  /** What the window shows first: version, default model, sample pictures, preferences, the last session. */
  'app.state': route<AppState>()(z.object({})),
  'app.setPreferences': route<Preferences>()(preferences.partial()),
  /** Saves the current work, so that a crash loses a moment of it at most. */
  'app.saveWork': route<null>()(work),
  /** Closes the window once it has saved its changes at the request of the main process. */
  'app.closeSaved': route<null>()(z.object({})),
} as const
