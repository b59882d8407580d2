import { z } from 'zod'
import { type AppState, type Preferences, preferences, work } from '../../app'
import { route } from '../route'

/** What the window starts with, and what is kept of it until the next start. */
export const sessionRoutes = {
  /** What the window shows first: version, bundled model, sample pictures, preferences, the last session. */
  'app.state': route<AppState>()(z.object({})),
  'app.setPreferences': route<Preferences>()(preferences.partial()),
  /** Keeps the work on the table, so that a crash costs a moment of it at most. */
  'app.saveWork': route<null>()(work),
} as const
