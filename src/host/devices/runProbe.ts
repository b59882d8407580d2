import { z } from 'zod'
import type { Precision, Provider } from '#shared/devices'
import type { Result } from '#shared/errors'
import type { EnginePort } from '#shared/engineMessages'

/** Starts a probe process; `log` receives what it prints: native libraries print which file they lack. */
export type StartProbe = (log: (text: string) => void, allowTf32: boolean) => EnginePort

/** The target of a probe: a provider at a precision. */
export interface ProbeTarget {
  readonly provider: Provider
  readonly precision: Precision
}

const findings = z.object({
  deviation: z.union([z.number(), z.nan()]),
  milliseconds: z.number().positive(),
  cpuMilliseconds: z.number().positive(),
  device: z.string().nullable(),
  memoryBytes: z.number().nullable(),
  batch: z.int().min(1),
})
/** What a probe process found out about a provider at a precision; not yet judged. */
export type Findings = z.infer<typeof findings>

/** How a probe failed: it said so, its process ended, it did not respond, or we stopped it. */
export type FailureKind = 'failed' | 'crashed' | 'hung' | 'stopped'

/** The outcome of a probe: findings that are yet to be judged, or its last output. */
export type ProbeOutcome =
  | { readonly ok: true; readonly findings: Findings }
  | { readonly ok: false; readonly kind: FailureKind; readonly words: string }

/** Limits of a probe. */
export interface ProbeLimits {
  /** After this long without a response, the process is killed. */
  readonly limitSeconds: number
  /** Kills it at once. */
  readonly signal?: AbortSignal
}

/** Probes a provider at a precision in a process of its own, which always ends afterwards. Never rejects. */
export async function runProbe(
  trial: ProbeTarget,
  start: StartProbe,
  limits: ProbeLimits,
): Promise<ProbeOutcome> {
  let printed = ''
  try {
    const port = start((text) => (printed += text), trial.precision === 'tf32')
    const outcome = await answerOf(trial, port, limits).finally(() => port.kill())
    return outcome.ok ? outcome : { ...outcome, words: `${outcome.words}\n${printed}` }
  } catch (error) {
    return { ok: false, kind: 'crashed', words: String(error) }
  }
}

function answerOf(
  trial: ProbeTarget,
  port: EnginePort,
  { limitSeconds, signal }: ProbeLimits,
): Promise<ProbeOutcome> {
  let resolve: (outcome: ProbeOutcome) => void = () => undefined
  const promise = new Promise<ProbeOutcome>((settle) => (resolve = settle))
  const fail = (kind: FailureKind, words: string): void => resolve({ ok: false, kind, words })
  const timer = setTimeout(() => fail('hung', `no answer within ${limitSeconds} s`), limitSeconds * 1000)
  const stop = (): void => fail('stopped', '')
  signal?.addEventListener('abort', stop)
  port.onExit((reason) => fail('crashed', reason))
  port.onMessage((message) => {
    if (message.type === 'response') resolve(outcomeOf(message.result))
  })
  port.send({ type: 'request', id: 'probe', route: 'probe', input: trial })
  return promise.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  })
}

function outcomeOf(result: Result<unknown>): ProbeOutcome {
  if (!result.ok) return { ok: false, kind: 'failed', words: result.error.message }
  const parsed = findings.safeParse(result.data)
  if (parsed.success) return { ok: true, findings: parsed.data }
  return { ok: false, kind: 'failed', words: 'an answer that makes no sense' }
}
