import { parse } from 'yaml'
import { z } from 'zod'
import { readRange, withFile } from '#files/fileAccess'

/** The contents of a model's README.md. */
export interface ModelCard {
  readonly licence: string | null
  /** The text without its front matter. */
  readonly text: string
}

const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/

/** Far longer than anybody reads: the rest of a longer card is left out. */
const longestCard = 2 ** 20

/** Reads a model card. It never keeps a model from opening: one that cannot be read is empty. */
export async function readModelCard(path: string): Promise<ModelCard> {
  const text = await withFile(path, async (file) => {
    const { size } = await file.stat()
    return (await readRange(file, 0, Math.min(size, longestCard))).toString()
  }).catch(() => '')
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
