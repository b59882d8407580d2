import type { InferenceServer } from '#shared/inferenceServer'

/**
 * The time after which a server that was given up is asked again, in milliseconds; until then the CPU does its work.
 */
const retryAfter = 5 * 60_000

/** The servers that were given up recently, so that not every request waits for them again. */
export class UnavailableServers {
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
