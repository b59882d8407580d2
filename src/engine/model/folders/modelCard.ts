import { readFile } from 'node:fs/promises'
import { explained } from '#files/fileErrors'

/** What a model's README.md tells people. */
export interface ModelCard {
  readonly licence: string | null
  /** The text without its front matter. */
  readonly text: string
}

const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/

/** Reads a model card; a missing file is an empty card. */
export async function readModelCard(path: string): Promise<ModelCard> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    return explained(path, 'read', () => Promise.reject(error))
  })
  const licence = frontMatter.exec(text)?.[1].match(/^license:[ \t]*["']?([^"'\r\n]+?)["']?[ \t]*$/m)
  return { licence: licence?.[1] ?? null, text: text.replace(frontMatter, '').trim() }
}
