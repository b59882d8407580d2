/** Models that users can find, open and download. */
import { z } from 'zod'
import { nfe, type Costed } from '#core/diffusion/cost'
import { StudioError } from './errors'
import type { PresetKind } from './presets'
import type { HubSource, ModelInfo } from './reports'

const part = '[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?'
const idShape = new RegExp(`^${part}(?:/${part})?$`)

/** Whether a text has the form of a Hugging Face repository id: "organisation/name", or a name alone. */
export function isRepositoryId(text: string): boolean {
  return idShape.test(text) && text.length <= 96 && !/--|\.\./.test(text)
}

/** A branch, tag or commit. It becomes a path below the cache's `refs`, so it must not lead out of there. */
const revision = z
  .string()
  .max(200)
  .regex(/^[\w.][\w./-]*$/, 'a revision is a branch, a tag or a commit')
  .refine((text) => !text.split('/').some((name) => /^\.*$/.test(name)), 'a revision has no empty parts')

/** A request to download a model. */
export const pullRequest = z.object({
  /** Repository id, or the URL of its page. */
  model: z.string().min(1),
  /** Branch, tag or commit; `main` unless given here or in the URL. */
  revision: revision.optional(),
})
export type PullRequest = z.infer<typeof pullRequest>

/** The result of a download. */
export interface PullReport extends HubSource {
  /** The branch, tag or commit that was downloaded. */
  readonly revision: string
  /** Folder of the snapshot, which can be opened as a model. */
  readonly path: string
  /** Bytes of the model's files. */
  readonly bytes: number
  /** Bytes that this run fetched over the network. */
  readonly fetchedBytes: number
  readonly seconds: number
  /** What users should know, one sentence each: that the repository has been renamed, for example. */
  readonly notices: readonly string[]
}

/**
 * Parses the repository id, and the revision if there is one, from what a user typed or pasted: an id, or the
 * URL of a page of the hub.
 *
 * @param endpoint  URL of the hub in use
 * @returns null for anything else
 * @throws StudioError BAD_INPUT for an address whose revision is none
 */
export function parseModelAddress(
  text: string,
  endpoint: string,
): { repository: string; revision: string | null } | null {
  const trimmed = text.trim()
  if (isRepositoryId(trimmed)) return { repository: trimmed, revision: null }
  // Users often type URLs without "https://".
  const address = /^[\w-]+(\.[\w-]+)+\//.test(trimmed) ? `https://${trimmed}` : trimmed
  if (!URL.canParse(address)) return null
  const { host, pathname } = new URL(address)
  if (![new URL(endpoint).host, 'huggingface.co', 'www.huggingface.co', 'hf.co'].includes(host)) return null
  const parts = pathname.split('/').filter((name) => name !== '')
  const views = parts.findIndex((name) => ['tree', 'blob', 'resolve'].includes(name))
  const repository = (views < 0 ? parts : parts.slice(0, views)).slice(0, 2).join('/')
  if (!isRepositoryId(repository) || ['datasets', 'spaces', 'docs'].includes(parts[0])) return null
  const written = views < 0 ? undefined : parts[views + 1]
  return { repository, revision: written === undefined ? null : parseRevision(written) }
}

/** Parses the revision in a URL, where a slash within it is written as %2F. */
function parseRevision(written: string): string {
  try {
    return revision.parse(decodeURIComponent(written))
  } catch {
    throw new StudioError(
      'BAD_INPUT',
      `The address names "${written}" where a branch, a tag or a commit belongs: correct it.`,
    )
  }
}

/** How a model performed on this machine when it was last used. */
export const modelUse = z.object({
  /** Milliseconds per evaluation of the network. */
  evaluationMilliseconds: z.number().positive(),
  /** Milliseconds per picture from state to picture, 0 for a model of pixels; null if unknown. */
  decodingMilliseconds: z.number().min(0).nullable().default(null),
  /** Mean PSNR of the reconstructions, in dB; null if none was measured. */
  psnr: z.number().nullable(),
  /** The number of pictures in that mean. */
  pictures: z.int().min(0),
  /** The latest PSNR of each of them, in dB, by the first 16 digits of its file's SHA-256. */
  psnrOf: z.record(z.string(), z.number()).default({}),
  /** Name of the card or processor; null if unknown. */
  device: z.string().nullable(),
})
export type ModelUse = z.infer<typeof modelUse>

/** Returns the milliseconds that a finished frame took with a model, from latent to picture. */
export function frameMilliseconds(
  { evaluationMilliseconds, decodingMilliseconds }: ModelUse,
  settings: Costed,
): number {
  return evaluationMilliseconds * nfe(settings).decode + (decodingMilliseconds ?? 0)
}

/** The location of a model of the library. */
export type ModelPlace = 'bundled' | 'cache' | 'folder'

/** A model on this computer, as described by its configurations and headers. */
export interface ModelRow {
  /** Repository id, or the name of its folder. */
  id: string
  /** The path to open it by. */
  path: string
  place: ModelPlace
  /** What it was found in: an entry of the user's list of folders, or the model chosen last; null elsewhere. */
  folder: string | null
  /** Commit of a snapshot in the Hugging Face cache; null elsewhere. */
  commit: string | null
  /** Size of all files that its output depends on, or of what has been downloaded so far. */
  bytes: number
  licence: string | null
  /** Null if it cannot be opened. */
  picture: ModelInfo['picture'] | null
  /** The timestep of the clean picture in its schedule, which its cost depends on; null if it cannot be opened. */
  cleanTimestep: number | null
  /** What decides how many steps its presets take; null if it cannot be opened. */
  presetKind: PresetKind | null
  /** Why it cannot be opened, in one sentence; null if it can. */
  problem: string | null
  /** Whether its download was started but not finished. */
  isUnfinished: boolean
  /** Null before its first use. */
  use: ModelUse | null
}

/** Whether a model of the library may be the one that a document names: a repository without its organisation. */
export function isNamed({ id }: Pick<ModelRow, 'id'>, name: string): boolean {
  return id === name || id.endsWith(`/${name}`)
}

/** All models on this computer. */
export interface ModelList {
  rows: ModelRow[]
  cacheFolder: string
  /** The number of repositories in the cache that hold no diffusion model; they are not among the rows. */
  others: number
  /** Whether the environment forbids downloads. */
  isOffline: boolean
}

/** A model exported as a server's repository. */
export interface ExportedRepository {
  folder: string
  /** Names of the graphs on the server. */
  models: string[]
}
