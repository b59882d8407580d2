import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { StudioError } from '#shared/errors'
import type { ModelInfo } from '#shared/reports'
import { createNoiseSchedule, type NoiseSchedule } from '../core/noiseSchedule'
import { sizeOf } from '../core/tensor'
import { explained } from '../fileErrors'
import { parseUNetConfig, type UNetConfig } from './diffusers/unetConfig'
import { readJson } from './fileAccess'
import { readModelCard } from './modelCard'
import { findModelFolder, type ModelFolder } from './modelFolder'
import { readWeightEntries } from './weightFiles'

/** A model that was read but not loaded. */
export interface ModelDescription {
  readonly folder: ModelFolder
  readonly config: UNetConfig
  readonly schedule: NoiseSchedule
  readonly info: ModelInfo
}

/**
 * Tells everything about a model that can be told without running it. Weights are hashed, not loaded.
 *
 * @param path  a diffusers folder
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL or UNSUPPORTED
 */
export async function readModelInfo(path: string): Promise<ModelInfo> {
  return (await describeModel(path)).info
}

/** {@link readModelInfo} with what it was read from. */
export async function describeModel(path: string): Promise<ModelDescription> {
  const folder = await findModelFolder(path)
  const config = parseUNetConfig(await readJson(folder.networkConfig), folder.networkConfig)
  const schedule = await readSchedule(folder.schedulerConfig)
  const entries = await readWeightEntries(folder.weightFiles)
  const { licence, text } = await readModelCard(folder.card)
  const info: ModelInfo = {
    id: folder.id,
    path: folder.path,
    sha256: await hashFiles([folder.networkConfig, folder.schedulerConfig, ...folder.weightFiles]),
    scheduleHash: hashSchedule(schedule),
    channels: requirePictures(config, folder),
    height: config.height,
    width: config.width,
    parameters: [...entries.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    predictionType: schedule.predictionType,
    numTrainTimesteps: schedule.numTrainTimesteps,
    betaSchedule: schedule.betaSchedule,
    alphasCumprod: [...schedule.alphasCumprod],
    licence,
    card: text,
  }
  return { folder, config, schedule, info }
}

/** The networks of latent diffusion work on four channels that are no picture: told on opening, not at the first encode. */
function requirePictures({ channels }: UNetConfig, { id }: ModelFolder): 1 | 3 {
  if (channels === 1 || channels === 3) return channels
  throw new StudioError(
    'UNSUPPORTED',
    `${id} works on ${channels} channels, not on grey or RGB pictures: choose a model of pixels.`,
  )
}

async function readSchedule(path: string): Promise<NoiseSchedule> {
  const json = await readJson(path)
  try {
    return createNoiseSchedule(json)
  } catch (error) {
    const code = error instanceof RangeError ? 'UNSUPPORTED' : 'BAD_MODEL'
    throw new StudioError(code, `${path}: ${(error as Error).message}`)
  }
}

/** SHA-256 of the files' contents, one after the other, hex. */
async function hashFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) {
    await explained(path, 'read', () =>
      pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash, { end: false }),
    )
  }
  return hash.digest('hex')
}

function hashSchedule({ alphasCumprod, predictionType }: NoiseSchedule): string {
  return createHash('sha256').update(predictionType).update(alphasCumprod).digest('hex')
}
