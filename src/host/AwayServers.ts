import type { InferenceServer } from '#shared/inferenceServer'

/** How long the CPU does the work of a server that was given up before it is asked again, in milliseconds. */
const retryAfter = 5 * 60_000

/** The servers that were given up lately, so that not every request waits for one again. */
export class AwayServers {
  readonly #away = new Map<string, { readonly cause: string; readonly until: number }>()

  /** @param now  the time in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  note(server: InferenceServer, cause: string): void {
    this.#away.set(keyOf(server), { cause, until: this.now() + retryAfter })
  }

  /** Returns why a server was given up, as a clause; null if it is to be asked. */
  causeOf(server: InferenceServer): string | null {
    const away = this.#away.get(keyOf(server))
    return away && this.now() < away.until ? away.cause : null
  }
}

function keyOf({ url, model, version }: InferenceServer): string {
  return JSON.stringify([url, model, version])
}
