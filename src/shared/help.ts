/** Information about the program itself. */
export interface About {
  /** Version of the app. */
  version: string
  /** Names and versions of its components: Electron, Chromium, Node, the runtime. */
  parts: { name: string; version: string }[]
}

/** The newest release according to npm's registry, which is asked only on a click. */
export interface LatestRelease {
  current: string
  /** Null if nothing has been published yet. */
  latest: string | null
  isNewer: boolean
}

/** The pages of the manual window. */
export const manualPages = ['manual', 'licences'] as const
export type ManualPage = (typeof manualPages)[number]

/** The longest diagnostics that can be saved, in characters: several times what the app collects. */
export const longestDiagnostics = 1_000_000
