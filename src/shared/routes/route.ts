import type { z } from 'zod'

/** One row of the route table: its input (checked at the process boundary) and its output (only typed). */
export interface Route<Input extends z.ZodType, Output> {
  readonly input: Input
  readonly output?: Output
}

/** Makes a row: `route<Output>()(input)` names the output and infers the input. */
export function route<Output>() {
  return <Input extends z.ZodType>(input: Input): Route<Input, Output> => ({ input })
}
