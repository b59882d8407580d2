import { z } from 'zod'
import type { Provider } from '#shared/devices'
import type { EnginePort } from '../messages'

/** Starts a probe process; `log` gets what it prints, where the native libraries say which file they lack. */
export type StartProbe = (log: (text: string) => void) => EnginePort

const findings = z.object({
  deviation: z.union([z.number(), z.nan()]),
  milliseconds: z.number().positive(),
  cpuMilliseconds: z.number().positive(),
  device: z.string().nullable(),
  memoryBytes: z.number().nullable(),
})
export type Findings = z.infer<typeof findings>

/** What came of a probe: findings still to be judged, or the words it ended with. */
export type ProbeOutcome =
  | { readonly ok: true; readonly findings: Findings }
  | { readonly ok: false; readonly kind: 'failed' | 'crashed' | 'hung' | 'stopped'; readonly words: string }

export interface ProbeLimits {
  /** After this long without an answer the process is killed. */
  readonly limitSeconds: number
  /** Kills it at once. */
  readonly signal?: AbortSignal
}

/** Tries a provider in a process of its own, which is gone afterwards whatever happened. Never rejects. */
export function runProbe(
  provider: Provider,
  start: StartProbe,
  { limitSeconds, signal }: ProbeLimits,
): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    let printed = ''
    const port = start((text) => (printed += text))
    const end = (outcome: ProbeOutcome): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      port.kill()
      resolve(outcome)
    }
    const fail = (kind: 'failed' | 'crashed' | 'hung' | 'stopped', words: string): void =>
      end({ ok: false, kind, words: `${words}\n${printed}` })
    const stop = (): void => fail('stopped', '')
    const timer = setTimeout(() => fail('hung', `no answer within ${limitSeconds} s`), limitSeconds * 1000)
    signal?.addEventListener('abort', stop)
    port.onExit((reason) => fail('crashed', reason))
    port.onMessage((message) => {
      if (message.type !== 'response') return
      if (!message.result.ok) return fail('failed', message.result.error.message)
      const parsed = findings.safeParse(message.result.data)
      if (parsed.success) end({ ok: true, findings: parsed.data })
      else fail('failed', 'an answer that makes no sense')
    })
    port.send({ type: 'request', id: 'probe', route: 'probe', input: provider })
  })
}
