/** Models that people can find, open and download. */
import { z } from 'zod'
import type { HubSource, ModelInfo } from './reports'

const part = '[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?'
const idShape = new RegExp(`^${part}(?:/${part})?$`)

/** Whether a text has the form of a repository id of the Hugging Face hub: "organisation/name", or a name alone. */
export function isRepositoryId(text: string): boolean {
  return idShape.test(text) && text.length <= 96 && !/--|\.\./.test(text)
}

/** A branch, a tag or a commit. It becomes a path below the cache's `refs`, so it must not lead out of there. */
const revision = z
  .string()
  .max(200)
  .regex(/^[\w.][\w./-]*$/, 'a revision is a branch, a tag or a commit')
  .refine((text) => !text.split('/').some((name) => /^\.*$/.test(name)), 'a revision has no empty parts')

/** What to download. */
export const pullRequest = z.object({
  /** Repository id, or the address of its page. */
  model: z.string().min(1),
  /** Branch, tag or commit; `main` unless given here or in the address. */
  revision: revision.optional(),
})
export type PullRequest = z.infer<typeof pullRequest>

/** What a download left in the cache. */
export interface PullReport extends HubSource {
  /** The snapshot's folder, which opens as a model. */
  readonly path: string
  /** Bytes of the model's files. */
  readonly bytes: number
  /** Bytes that came over the network in this run. */
  readonly fetchedBytes: number
  readonly seconds: number
  /** What people should know, a sentence each: that the repository has another name now, for example. */
  readonly notices: readonly string[]
}

/**
 * Reads the id, and the revision if there is one, out of what a person typed or pasted: an id, or the address of a page
 * of the hub.
 *
 * @param endpoint  address of the hub in use
 * @returns null for anything else
 */
export function parseModelAddress(
  text: string,
  endpoint: string,
): { repository: string; revision: string | null } | null {
  const trimmed = text.trim()
  if (isRepositoryId(trimmed)) return { repository: trimmed, revision: null }
  // Without "https://", as people type it.
  const address = /^[\w-]+(\.[\w-]+)+\//.test(trimmed) ? `https://${trimmed}` : trimmed
  if (!URL.canParse(address)) return null
  const { host, pathname } = new URL(address)
  if (![new URL(endpoint).host, 'huggingface.co', 'www.huggingface.co', 'hf.co'].includes(host)) return null
  const parts = pathname.split('/').filter((name) => name !== '')
  const views = parts.findIndex((name) => ['tree', 'blob', 'resolve'].includes(name))
  const repository = (views < 0 ? parts : parts.slice(0, views)).slice(0, 2).join('/')
  if (!isRepositoryId(repository) || ['datasets', 'spaces', 'docs'].includes(parts[0])) return null
  return { repository, revision: views < 0 ? null : decodeURIComponent(parts[views + 1] ?? '') || null }
}

/** How a model did on this machine when it was last used. */
export const modelUse = z.object({
  /** Milliseconds of one evaluation of the network. */
  evaluationMilliseconds: z.number().positive(),
  /** Mean PSNR of the reconstructions, in dB; null where none was measured. */
  psnr: z.number().nullable(),
  /** How many pictures that is the mean of. */
  pictures: z.int().min(0),
  /** Name of the card or processor; null where nobody tells. */
  device: z.string().nullable(),
})
export type ModelUse = z.infer<typeof modelUse>

/** Where a model of the library lies. */
export type ModelPlace = 'bundled' | 'cache' | 'folder'

/** A model of this computer, as far as its configurations and headers tell. */
export interface ModelRow {
  /** Repository id, or the name of its folder. */
  id: string
  /** What opens it. */
  path: string
  place: ModelPlace
  /** Of a snapshot in the Hugging Face cache; null elsewhere. */
  commit: string | null
  /** Of everything its answers depend on, or of what has arrived of a download. */
  bytes: number
  licence: string | null
  /** Null where it does not open. */
  picture: ModelInfo['picture'] | null
  /** Why it does not open, in one sentence; null where it does. */
  problem: string | null
  /** Whether its download was begun and not finished. */
  isUnfinished: boolean
  /** Null before its first use. */
  use: ModelUse | null
}

/** All models of this computer. */
export interface ModelList {
  rows: ModelRow[]
  cacheFolder: string
  /** Repositories of the cache that hold no diffusion model, and are not among the rows. */
  others: number
  /** Whether the environment forbids downloads. */
  isOffline: boolean
}

/** A model as a server's repository. */
export interface ExportedRepository {
  folder: string
  /** Names of the graphs, as the server will call them. */
  models: string[]
}
