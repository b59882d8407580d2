import { StudioError } from '#shared/errors'
import { renameOldSettings } from '#shared/oldNames'
import type { LatentReport } from '#shared/reports'
import type { Latent } from '#core/diffusion/latent'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import {
  encodeSafetensors,
  readSafetensorsHeader,
  readTensor,
  type SafetensorsHeader,
} from '../model/weights/safetensors'
import { readOnlyState } from './foreignLatent'
import { latentRecord, recordOf, type LatentRecord } from './latentRecord'

/** Incremented when current readers could no longer understand the file; version 2 renamed the settings. */
const formatVersion = '2'
/** All versions that this program reads. */
const knownVersions = ['1', formatVersion]
const versionKey = 'slerp_studio_format'
const recordKey = 'slerp_studio_latent'
const stateName = 'x_T'
const companionName = 'x_T_companion'

/**
 * Encodes a latent and all that is known about it as a safetensors file: the states as tensors, the report as
 * JSON in the header.
 */
export function encodeLatent({ x, timestep, previousState }: Latent, report: LatentReport): Uint8Array {
  const record = recordOf({ ...report, endTimestep: timestep }, previousState?.timestep ?? null)
  const states = { [stateName]: x, ...(previousState && { [companionName]: previousState.x }) }
  return encodeSafetensors(states, { [versionKey]: formatVersion, [recordKey]: JSON.stringify(record) })
}

/** The report in a latent file; what its statistics mean depends on the model. */
export type StoredReport = Omit<LatentReport, 'advice'>

/** The latent in a file. */
export interface LatentFile extends Omit<Latent, 'timestep'> {
  /** Null in files of other programs and in NumPy's format, which do not store one. */
  readonly timestep: number | null
  /** Null where there is no timestep. */
  readonly report: StoredReport | null
}

/**
 * Reads what {@link encodeLatent} wrote, or the single state in a safetensors file of another program.
 *
 * @throws StudioError BAD_LATENT, NOT_FOUND or UNREADABLE
 */
export async function readLatent(path: string): Promise<LatentFile> {
  const header = await readSafetensorsHeader(path, 'BAD_LATENT')
  if (header.metadata[versionKey] === undefined) {
    return { x: await readOnlyState(path, header.tensors), timestep: null, report: null }
  }
  const { companionTimestep, ...record } = readRecord(path, header)
  const x = await readState(path, stateName, header)
  const report = { ...record, seconds: 0, encodeWarning: null }
  const latent = { x, timestep: report.endTimestep, report }
  if (companionTimestep === null) return latent
  const previousState = { x: await readState(path, companionName, header), timestep: companionTimestep }
  if (previousState.x.shape.join() !== x.shape.join()) {
    throw new StudioError(
      'BAD_LATENT',
      `"${path}" is damaged: the two states of its pair differ in shape, so encode the picture again, or choose another file.`,
    )
  }
  return { ...latent, previousState }
}

function readRecord(path: string, { metadata }: SafetensorsHeader): LatentRecord {
  const version = metadata[versionKey]
  if (!knownVersions.includes(version)) {
    throw new StudioError(
      'BAD_LATENT',
      `"${path}" is a latent file of format ${version}, this program reads formats up to ${formatVersion}: update it.`,
    )
  }
  try {
    const stored = renameOldSettings(JSON.parse(metadata[recordKey]))
    const record = latentRecord.parse(stored)
    return isOfEarlierVersion(stored) ? { ...record, forecast: null } : record
  } catch (error) {
    throw new StudioError('BAD_LATENT', `"${path}" has a damaged header: encode the picture again.`, {
      path,
      cause: String(error),
    })
  }
}

/**
 * Returns whether a record was written before `stateStd` was recorded. The forecast in it may assume other steps
 * than those that its fidelity was measured with.
 */
function isOfEarlierVersion(stored: unknown): boolean {
  return !Object.hasOwn(stored as LatentRecord, 'stateStd')
}

async function readState(path: string, name: string, header: SafetensorsHeader): Promise<Tensor> {
  const { data, shape } = await readTensor(path, name, header, 'BAD_LATENT')
  return createTensor(shape, data)
}
