import { StudioError } from '#shared/errors'
import { readWholeFile } from '#files/fileAccess'

/** What a model's README.md tells people. */
export interface ModelCard {
  readonly licence: string | null
  /** The text without its front matter. */
  readonly text: string
}

const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/

/** Far longer than people read. */
const longestCard = 2 ** 20

/** Reads a model card; a missing file is an empty card. */
export async function readModelCard(path: string): Promise<ModelCard> {
  const bytes = await readWholeFile(path, longestCard).catch((error: unknown) => {
    if (error instanceof StudioError && error.code === 'NOT_FOUND') return ''
    throw error
  })
  const text = bytes.toString()
  const licence = frontMatter.exec(text)?.[1].match(/^license:[ \t]*["']?([^"'\r\n]+?)["']?[ \t]*$/m)
  return { licence: licence?.[1] ?? null, text: text.replace(frontMatter, '').trim() }
}
