import type { FromEngine } from '#shared/engineMessages'

/** An evaluation that the engine is busy with, during which it receives no messages. */
export type RunningEvaluation = Extract<FromEngine, { type: 'evaluating' }>

/**
 * Returns the evaluation that runs after a message from the engine; null between two. No other message ends an
 * evaluation: the next one is announced before the request of the last one has reported its progress.
 */
export function evaluationAfter(
  message: FromEngine,
  before: RunningEvaluation | null,
): RunningEvaluation | null {
  if (message.type === 'evaluating') return message
  const ends = message.type === 'evaluated' || message.type === 'response'
  return ends && message.id === before?.id ? null : before
}
