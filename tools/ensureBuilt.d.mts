/** Builds the app into `out/` when it is not there or older than its sources. */
export function ensureBuilt(): Promise<void>
