import { makeFolder } from '#files/makeFolder'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import type { ProviderReport, ProviderRequest } from '#shared/cuda'
import { StudioError } from '#shared/errors'
import type { Progress } from '#shared/progress'
import { readPieces } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import { lockFolder } from '#files/folderLock'
import { DownloadMeter } from './DownloadMeter'
import { fetchBlob } from './fetchBlob'
import { openHub } from './hubRequest'
import { usualRetryPolicy } from './retry'

/** An archive identified by its hash. */
export interface ProviderArchive {
  readonly endpoint: string
  readonly path: string
  readonly size: number
  /** SHA-256, hex. */
  readonly sha256: string
}

/** Runtime release that the provider was built for: with any other it would crash or, worse, run wrongly. */
const release = '1.29.0'

/** Microsoft's own build for CUDA 13 and cuDNN 9, from the Python package. */
const cuda13: ProviderArchive = {
  endpoint: 'https://files.pythonhosted.org',
  path: '/packages/87/7b/764082683bbc3b3351a3864ffb87be11aa13642913f78569fa72b934e319/onnxruntime_gpu-1.29.0-cp312-cp312-manylinux_2_28_x86_64.whl',
  size: 202_177_606,
  sha256: '8ccd052ca4de21b2a335f3503a283126163b6fab9dba29d1d9cbf3fa55c51d28',
}

/** The members to extract. */
const members = [
  'onnxruntime/capi/libonnxruntime_providers_shared.so',
  'onnxruntime/capi/libonnxruntime_providers_cuda.so',
  'onnxruntime/LICENSE',
  'onnxruntime/ThirdPartyNotices.txt',
]

/** The runtime's own library, which is copied next to the provider. */
const runtimeLibrary = 'libonnxruntime.so.1'

/**
 * Downloads the CUDA provider, verifies its SHA-256, and puts it next to a copy of the runtime. May be killed
 * and restarted at any time: nothing gets its final name before it is complete.
 *
 * @throws StudioError DOWNLOAD_FAILED, UNSUPPORTED or UNWRITABLE, the last also while another process installs
 *   there, each with a sentence for the user
 */
export async function installProvider(
  { folder, libraries, version }: ProviderRequest,
  report: (progress: Progress) => void,
  archive: ProviderArchive = cuda13,
): Promise<ProviderReport> {
  if (version !== release) {
    throw new StudioError(
      'UNSUPPORTED',
      `onnxruntime is ${version} here, and the CUDA provider known here belongs to ${release}: update Slerp Studio.`,
    )
  }
  return explained(folder, 'write', async () => {
    const parent = dirname(folder)
    await makeFolder(parent)
    const lock = await lockFolder(parent, folder)
    try {
      const wheel = join(parent, `${archive.sha256}.incomplete`)
      await fetchArchive(archive, wheel, report)
      await publish(folder, wheel, libraries)
      return { folder, files: await hashesOf(folder) }
    } finally {
      await lock.release()
    }
  })
}

/** Puts the archive's files and the runtime into the folder, which gets its name only once it is complete. */
async function publish(folder: string, wheel: string, libraries: string): Promise<void> {
  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial)
  await unpack(wheel, partial)
  await copyFile(join(libraries, runtimeLibrary), join(partial, runtimeLibrary))
  await rm(folder, { recursive: true, force: true })
  await rename(partial, folder)
  await rm(wheel)
}

async function fetchArchive(
  { endpoint, path, size, sha256 }: ProviderArchive,
  partPath: string,
  report: (progress: Progress) => void,
): Promise<void> {
  const hub = await openHub(endpoint, null, usualRetryPolicy.stallMilliseconds)
  const meter = new DownloadMeter(size, report)
  let position = 0
  try {
    await fetchBlob({
      hub,
      asked: { endpoint, repository: 'onnxruntime', revision: release, withToken: false },
      file: { path: basename(path), size, hash: sha256 },
      address: path,
      partPath,
      retryPolicy: usualRetryPolicy,
      onBlock: (bytes, end) => meter.advance(bytes, (position = end), 'CUDA provider'),
      onWait: () => meter.pause(position, 'waiting for the network'),
    })
  } finally {
    await hub.dispatcher.close()
  }
}

/** Extracts the members from the archive into one folder, without their own folders. */
async function unpack(wheel: string, folder: string): Promise<void> {
  const zip = await openPromise(wheel)
  try {
    for await (const entry of zip.eachEntry()) {
      if (!members.includes(entry.fileName)) continue
      const source = await zip.openReadStreamPromise(entry)
      await pipeline(source, createWriteStream(join(folder, basename(entry.fileName))))
    }
  } finally {
    zip.close()
  }
}

async function hashesOf(folder: string): Promise<ProviderReport['files']> {
  const names = members.map((member) => basename(member)).filter((name) => name.endsWith('.so'))
  return Promise.all(
    names.map(async (name) => {
      const hash = createHash('sha256')
      await readPieces(join(folder, name), (piece) => hash.update(piece))
      return { name, sha256: hash.digest('hex') }
    }),
  )
}
