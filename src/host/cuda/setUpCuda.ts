import { findRuntime } from '#files/installation'
import { providerFolder } from '../providerFolder'
import type { ProviderReport } from '#shared/cuda'
import type { EnginePort } from '#shared/engineMessages'
import { StudioError, unwrap } from '#shared/errors'
import { askDownloader } from '../askDownloader'
import type { RequestOptions } from '../clientOptions'
import { chooseCuda, findCuda, type FoundCuda } from './findCuda'

/**
 * Downloads onnxruntime's CUDA provider into the user's data folder. Only a device check shows whether it
 * works.
 *
 * @param start  starts the download process
 * @param found  the result of {@link findCuda}, if it is known already
 * @throws StudioError UNSUPPORTED if no card could use it; DOWNLOAD_FAILED, BAD_INPUT, UNWRITABLE, CANCELLED
 */
export async function setUpCuda(
  start: () => EnginePort,
  options: Omit<RequestOptions, 'requestId'> = {},
  found?: FoundCuda,
): Promise<ProviderReport> {
  requireCuda13(found ?? (await findCuda()))
  const { version, libraries } = findRuntime()
  const request = { version, libraries, folder: providerFolder() }
  return unwrap(await askDownloader<ProviderReport>(start, 'provider.install', request, options))
}

function requireCuda13(found: FoundCuda): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new StudioError(
      'UNSUPPORTED',
      `onnxruntime has CUDA on Linux x64 only, and this is ${process.platform} on ${process.arch}.`,
    )
  }
  if (found.isSilent) {
    throw new StudioError(
      'UNSUPPORTED',
      'NVIDIA’s driver does not answer (nvidia-smi was stopped): restart the computer, and try again.',
    )
  }
  const version = chooseCuda(found)
  if (version === 13) return
  if (version === null) {
    throw new StudioError(
      'UNSUPPORTED',
      'There is no NVIDIA driver of CUDA 12 or later: install it, restart the computer, and try again.',
    )
  }
  const isDriverNew = found.driver !== null && found.driver.newestCuda >= 13
  const missing = isDriverNew ? 'install CUDA 13' : 'update the driver to 580 or later and install CUDA 13'
  throw new StudioError(
    'UNSUPPORTED',
    `CUDA 13 is needed, and this computer has CUDA 12: ${missing}. In a clone of the sources, npm run setup:cuda -- --cuda 12 sets CUDA 12 up.`,
  )
}
