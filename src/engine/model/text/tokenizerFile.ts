import type { z } from 'zod'
import { StudioError } from '#shared/errors'
import { readJson } from '#files/fileAccess'

/**
 * Reads a JSON file of a tokenizer; null if it does not exist.
 *
 * @throws StudioError UNREADABLE, or BAD_MODEL naming the file, if its content is of another form
 */
export async function readTokenizerFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.infer<Schema> | null> {
  const json = await readJson(path, 'BAD_MODEL').catch((error: unknown) => {
    if (error instanceof StudioError && error.code === 'NOT_FOUND') return undefined
    throw error
  })
  return json === undefined ? null : parseTokenizer(schema, json, path)
}

/** @throws StudioError BAD_MODEL naming the file, if its content is of another form */
export function parseTokenizer<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
  path: string,
): z.infer<Schema> {
  const { success, data } = schema.safeParse(json)
  if (success) return data
  throw new StudioError(
    'BAD_MODEL',
    `${path} does not describe a tokenizer of CLIP: put the tokenizer folder of the model there.`,
  )
}
