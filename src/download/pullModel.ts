import { makeFolder } from '#files/makeFolder'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '#shared/errors'
import { parseModelAddress, type PullReport, type PullRequest } from '#shared/models'
import type { Progress } from '#shared/progress'
import { explained } from '#files/fileErrors'
import { lockFolder } from '#files/folderLock'
import {
  hubCacheFolder,
  hubEndpoint,
  offlineVariable,
  readHubToken,
  repositoryFolder,
  repositoryFolderName,
} from '#files/hubCache'
import { renameFile } from '#files/renameFile'
import { describeSnapshot, type RemoteFile, type RemoteSnapshot } from './describeSnapshot'
import { DownloadMeter } from './DownloadMeter'
import { fetchBlob } from './fetchBlob'
import { freeBytesAt, requireSpace, type FreeBytes } from './freeSpace'
import type { Asked } from './hubFailure'
import { openHub, type Hub } from './hubRequest'
import { retry, usualRetryPolicy, type RetryPolicy } from './retry'
import { blobPath, publishSnapshot } from './publishSnapshot'

/** What a download needs besides its request. */
export interface PullContext {
  report(progress: Progress): void
  readonly retryPolicy?: RetryPolicy
  readonly freeBytes?: FreeBytes
}

/**
 * Downloads a model into the Hugging Face cache. May be killed and restarted at any time: nothing gets its
 * final name before it is complete, and partial files are resumed.
 *
 * @throws StudioError BAD_INPUT, FORBIDDEN, NOT_FOUND, UNSUPPORTED, DOWNLOAD_FAILED or UNWRITABLE, each with
 *   a sentence for the user
 */
export async function pullModel(request: PullRequest, context: PullContext): Promise<PullReport> {
  const { retryPolicy = usualRetryPolicy } = context
  const endpoint = requireEndpoint()
  const asked = { ...readAddress(request, endpoint), endpoint }
  const forbidding = offlineVariable()
  if (forbidding !== null) {
    throw new StudioError(
      'FORBIDDEN',
      `${forbidding} is set, which forbids downloads: unset it to download a model.`,
    )
  }
  const token = await readHubToken()
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
    throw new StudioError(
      'BAD_INPUT',
      'Your token for the hub holds characters that no token has: check HF_TOKEN.',
    )
  }
  const hub = await openHub(endpoint, token, retryPolicy.stallMilliseconds)
  try {
    return await pullFrom(hub, { ...asked, withToken: token !== null }, { ...context, retryPolicy })
  } finally {
    await hub.dispatcher.close()
  }
}

function requireEndpoint(): string {
  const endpoint = hubEndpoint()
  if (URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)) return endpoint
  throw new StudioError(
    'BAD_INPUT',
    `HF_ENDPOINT is "${endpoint}", which is not an address: correct or unset it.`,
  )
}

function readAddress({ model, revision }: PullRequest, endpoint: string) {
  const found = parseModelAddress(model, endpoint)
  if (found) return { repository: found.repository, revision: revision ?? found.revision ?? 'main' }
  throw new StudioError(
    'BAD_INPUT',
    `"${model}" is neither the id of a model, such as google/ddpm-celebahq-256, nor the address of its page on ${new URL(endpoint).host}.`,
  )
}

type SettledContext = PullContext & { readonly retryPolicy: RetryPolicy }

async function pullFrom(hub: Hub, asked: Asked, context: SettledContext): Promise<PullReport> {
  const snapshot = await retry(() => describeSnapshot(hub, asked), {
    retryPolicy: context.retryPolicy,
    failsOffline: true,
  })
  const folder = repositoryFolder(asked.repository)
  return explained(folder, 'write', async () => {
    const locks = join(hubCacheFolder(), '.locks', repositoryFolderName(asked.repository))
    for (const path of [locks, join(folder, 'blobs')]) await makeFolder(path)
    const lock = await lockFolder(locks, folder)
    try {
      const meter = await fetchFiles(
        hub,
        { ...asked, repository: snapshot.repository },
        snapshot,
        folder,
        context,
      )
      const branch = asked.revision === snapshot.commit ? null : asked.revision
      const path = await publishSnapshot(folder, snapshot.commit, snapshot.files, branch)
      return reportOf(asked, snapshot, path, meter)
    } finally {
      await lock.release()
    }
  })
}

/** Downloads the missing files, small ones first, so that a wrong model is noticed early. */
async function fetchFiles(
  hub: Hub,
  asked: Asked,
  { commit, files }: RemoteSnapshot,
  folder: string,
  { retryPolicy, report, freeBytes = freeBytesAt }: SettledContext,
): Promise<DownloadMeter> {
  // Files with equal contents share one blob.
  const blobs = [...new Map(files.map((file) => [file.hash, file])).values()]
  const meter = new DownloadMeter(sizeOfAll(blobs), report)
  const missing: RemoteFile[] = []
  let needed = 0
  for (const file of blobs.sort((a, b) => a.size - b.size)) {
    if ((await sizeAt(blobPath(folder, file))) === file.size) {
      meter.finish(file.size, file.path)
      continue
    }
    missing.push(file)
    needed += Math.max(0, file.size - ((await sizeAt(partPath(folder, file))) ?? 0))
  }
  await requireSpace(folder, needed, freeBytes)
  for (const file of missing) {
    let position = 0
    await fetchBlob({
      hub,
      asked: { ...asked, revision: commit },
      file,
      partPath: partPath(folder, file),
      retryPolicy,
      onBlock: (bytes, end) => meter.advance(bytes, (position = end), file.path),
      onWait: (seconds, cause) => meter.pause(position, waiting(seconds, cause)),
    })
    await renameFile(partPath(folder, file), blobPath(folder, file))
    meter.finish(file.size, file.path)
  }
  return meter
}

/** The name that huggingface_hub once used as well, so that either could resume the other's downloads. */
function partPath(folder: string, file: RemoteFile): string {
  return `${blobPath(folder, file)}.incomplete`
}

function waiting(seconds: number, cause: string): string {
  return `waiting ${Math.max(1, Math.round(seconds))} s: ${cause.split(/[:.] /)[0]}`
}

async function sizeAt(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  )
}

function sizeOfAll(files: readonly RemoteFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

function reportOf(
  { repository, revision }: Asked,
  snapshot: RemoteSnapshot,
  path: string,
  { fetched, seconds }: DownloadMeter,
): PullReport {
  return {
    repository,
    revision,
    commit: snapshot.commit,
    path,
    bytes: sizeOfAll(snapshot.files),
    fetchedBytes: fetched,
    seconds,
    notices:
      snapshot.repository === repository
        ? []
        : [`"${repository}" is called "${snapshot.repository}" now: ask for it by that name next time.`],
  }
}
