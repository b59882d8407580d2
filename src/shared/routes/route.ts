import type { z } from 'zod'

/** One row of the table: what goes in (checked at the border) and what comes out (typed only). */
export interface Route<Input extends z.ZodType, Output> {
  readonly input: Input
  readonly output?: Output
}

/** Makes a row: `route<Output>()(input)`, so that the output is named and the input inferred. */
export function route<Output>() {
  return <Input extends z.ZodType>(input: Input): Route<Input, Output> => ({ input })
}
