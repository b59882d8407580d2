import type { FromEngine } from '#shared/engineMessages'

/** An evaluation that the engine is busy with, during which it hears nothing. */
export type RunningEvaluation = Extract<FromEngine, { type: 'evaluating' }>

/**
 * Returns the evaluation that runs after a message from the engine; null between two. What else an engine sends
 * ends none: the next evaluation is announced before the last one's request has reported its progress.
 */
export function evaluationAfter(
  message: FromEngine,
  before: RunningEvaluation | null,
): RunningEvaluation | null {
  if (message.type === 'evaluating') return message
  const ends = message.type === 'evaluated' || message.type === 'response'
  return ends && message.id === before?.id ? null : before
}
