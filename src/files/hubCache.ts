import { homedir } from 'node:os'
import { join } from 'node:path'
import { readWholeFile } from './fileAccess'

/**
 * The cache shared with Python's huggingface_hub, found and laid out by that library's rules:
 *
 *     models--org--name/
 *       refs/main                     the commit that the branch was at
 *       blobs/<hash>                  contents: SHA-256 of large files, git's SHA-1 of small ones
 *       snapshots/<commit>/<path>     links to blobs
 */

const on = new Set(['1', 'ON', 'YES', 'TRUE'])
const isOn = (value: string | undefined): boolean => on.has((value ?? '').toUpperCase())

function withoutTilde(path: string): string {
  return path.replace(/^~(?=$|[/\\])/, homedir())
}

function hubHome(): string {
  const { HF_HOME, XDG_CACHE_HOME } = process.env
  return withoutTilde(HF_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface'))
}

/** Returns the folder that contains the repositories. */
export function hubCacheFolder(): string {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE } = process.env
  return withoutTilde(HF_HUB_CACHE || HUGGINGFACE_HUB_CACHE || join(hubHome(), 'hub'))
}

/** Returns the URL of the hub, without a trailing slash. */
export function hubEndpoint(): string {
  return (process.env['HF_ENDPOINT'] || 'https://huggingface.co').replace(/\/+$/, '')
}

/** Returns the name of the environment variable that forbids contacting the hub, or null if none does. */
export function offlineVariable(): 'HF_HUB_OFFLINE' | 'TRANSFORMERS_OFFLINE' | null {
  const name = process.env['HF_HUB_OFFLINE'] ? 'HF_HUB_OFFLINE' : 'TRANSFORMERS_OFFLINE'
  return isOn(process.env[name]) ? name : null
}

/** Whether the cache must not use symbolic links. */
export function withoutSymlinks(): boolean {
  return isOn(process.env['HF_HUB_DISABLE_SYMLINKS'])
}

const longestToken = 10_000

/**
 * Reads the user's token for the hub from the environment, or from where `hf auth login` stores it. Null if
 * there is none.
 */
export async function readHubToken(): Promise<string | null> {
  const { HF_TOKEN, HUGGING_FACE_HUB_TOKEN, HF_TOKEN_PATH, HF_HUB_DISABLE_IMPLICIT_TOKEN } = process.env
  if (isOn(HF_HUB_DISABLE_IMPLICIT_TOKEN)) return null
  const given = (HF_TOKEN || HUGGING_FACE_HUB_TOKEN || '').trim()
  if (given !== '') return given
  const path = withoutTilde(HF_TOKEN_PATH || join(hubHome(), 'token'))
  const kept = await readWholeFile(path, longestToken).catch(() => '')
  return kept.toString().trim() || null
}

/** Returns the folder of a model repository, by its id. */
export function repositoryFolder(repository: string): string {
  return join(hubCacheFolder(), repositoryFolderName(repository))
}

/** Returns "google/ddpm-cat-256" in the form that the cache uses: "models--google--ddpm-cat-256". */
export function repositoryFolderName(repository: string): string {
  return ['models', ...repository.split('/')].join('--')
}

/** Returns the id of the repository in a cache folder, from the folder's name; null for any other folder. */
export function repositoryOfFolder(name: string): string | null {
  return name.startsWith('models--') ? name.slice('models--'.length).replaceAll('--', '/') || null : null
}
