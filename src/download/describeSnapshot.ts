import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { chooseFiles } from './chooseFiles'
import type { Asked } from './hubFailure'
import { getJson, type Hub } from './hubRequest'

/** A file of a repository, as the hub describes it. */
export interface RemoteFile {
  /** Relative to the repository, with slashes. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /**
   * Hex; names its blob in the cache. SHA-256 of the contents for Git LFS files, otherwise git's own SHA-1.
   */
  readonly hash: string
}

/** A repository at one commit. */
export interface RemoteSnapshot {
  /** The current name, which may differ from the one asked for if the repository was renamed. */
  readonly repository: string
  readonly commit: string
  /** Only the files that make up the model. */
  readonly files: readonly RemoteFile[]
}

const description = z.object({
  id: z.string().optional(),
  sha: z.string().regex(/^[0-9a-f]{40}$/),
})

const hash = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`))
const entry = z.object({ type: z.literal('file'), path: z.string(), size: z.int().min(0), oid: hash(40) })
const tree = z.array(
  z.union([
    entry.extend({ lfs: z.object({ oid: hash(64), size: z.int().min(0) }) }),
    entry,
    z.object({ type: z.enum(['directory', 'submodule']) }),
  ]),
)

/** Whether a path stays inside the snapshot's folder on every system. */
function isPlainPath(path: string): boolean {
  return !/[\\:\0]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part))
}

/**
 * Asks the hub for a repository's commit, and for the sizes and hashes of the files that make up the model.
 *
 * @throws StudioError FORBIDDEN, NOT_FOUND, DOWNLOAD_FAILED, or UNSUPPORTED if it holds no diffusion model;
 *   and TransientError
 */
export async function describeSnapshot(hub: Hub, asked: Asked): Promise<RemoteSnapshot> {
  const { json } = await getJson(
    hub,
    `/api/models/${asked.repository}/revision/${encodeURIComponent(asked.revision)}`,
    asked,
  )
  const { id = asked.repository, sha } = parseAnswer(description, json, hub)
  const all = await listFiles(hub, { ...asked, repository: id, revision: sha })
  const chosen = chooseFiles(all.map(({ path }) => path).filter(isPlainPath))
  if (chosen === null) {
    throw new StudioError(
      'UNSUPPORTED',
      `"${asked.repository}" holds no U-Net of diffusers and no exported graph, so there is nothing in it that opens here: choose another model.`,
    )
  }
  return { repository: id, commit: sha, files: all.filter(({ path }) => chosen.includes(path)) }
}

async function listFiles(hub: Hub, asked: Asked): Promise<RemoteFile[]> {
  const files: RemoteFile[] = []
  let next: string | null = `/api/models/${asked.repository}/tree/${asked.revision}?recursive=true`
  while (next !== null) {
    const { json, answer } = await getJson(hub, next, asked)
    for (const found of parseAnswer(tree, json, hub)) {
      if (found.type !== 'file') continue
      const { path, size, oid } = found
      files.push(
        'lfs' in found ? { path, size: found.lfs.size, hash: found.lfs.oid } : { path, size, hash: oid },
      )
    }
    next = nextPage(answer.header('link'))
  }
  return files
}

/** Returns the path of the next page. A mirror may give it under the address of the hub that it mirrors. */
function nextPage(link: string | null): string | null {
  return /<[^>]*(\/api\/models\/[^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1] ?? null
}

function parseAnswer<T>(schema: z.ZodType<T>, json: unknown, { endpoint }: Hub): T {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new StudioError(
    'DOWNLOAD_FAILED',
    `${new URL(endpoint).host} does not answer as a model hub does: check HF_ENDPOINT.`,
  )
}
