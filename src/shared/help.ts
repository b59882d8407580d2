/** What is told of the program itself. */
export interface About {
  /** Of the app. */
  version: string
  /** What it is made with, as name and version: Electron, Chromium, Node, the runtime. */
  parts: { name: string; version: string }[]
}

/** The newest release, as asked of npm's registry on a click. */
export interface LatestRelease {
  current: string
  /** Null where nothing has been published yet. */
  latest: string | null
  isNewer: boolean
}

/** The pages of the manual's window. */
export const manualPages = ['manual', 'licences'] as const
export type ManualPage = (typeof manualPages)[number]

/** Longest diagnostics that are saved, in characters: several times what the app gathers. */
export const longestDiagnostics = 1_000_000
