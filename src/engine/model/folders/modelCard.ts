import { parse } from 'yaml'
import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { readWholeFile } from '#files/fileAccess'

/** The contents of a model's README.md. */
export interface ModelCard {
  readonly licence: string | null
  /** The text without its front matter. */
  readonly text: string
}

const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/

/** Far longer than anybody reads. */
const longestCard = 2 ** 20

/** Reads a model card; a missing file is an empty card. */
export async function readModelCard(path: string): Promise<ModelCard> {
  const bytes = await readWholeFile(path, longestCard).catch((error: unknown) => {
    if (error instanceof StudioError && error.code === 'NOT_FOUND') return ''
    throw error
  })
  const text = bytes.toString()
  return {
    licence: readLicence(frontMatter.exec(text)?.[1] ?? ''),
    text: text.replace(frontMatter, '').trim(),
  }
}

/** The hub's metadata: it may name several licences, and other fields are ignored. */
const metadata = z.looseObject({ license: z.union([z.string(), z.array(z.string())]) })

function readLicence(yaml: string): string | null {
  try {
    const { license } = metadata.parse(parse(yaml, { logLevel: 'error', maxAliasCount: 100 }))
    return [license].flat().join(', ') || null
  } catch {
    return null
  }
}
