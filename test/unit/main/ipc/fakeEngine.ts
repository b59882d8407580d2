import type { EngineRouteName } from '#shared/contract'
import type { Result } from '#shared/errors'
import type { Engine } from '../../../../src/main/ipc/handlers'
import type { RequestOptions } from '#host/clientOptions'

/** A request as the engine received it. */
export interface EngineCall {
  readonly route: EngineRouteName
  readonly input: unknown
  readonly options: RequestOptions
}

/** An engine whose answers the test provides. */
export function fakeEngine(
  answer: (call: EngineCall) => Result<unknown> | Promise<Result<unknown>>,
): Engine & { readonly calls: EngineCall[] } {
  const calls: EngineCall[] = []
  return {
    calls,
    async request(route, input, options = {}) {
      const call = { route, input, options }
      calls.push(call)
      return (await answer(call)) as never
    },
  }
}
