import { devices, precisionNames } from '#shared/devices'
import { StudioError } from '#shared/errors'
import type { LabStudy } from '#shared/lab'
import { numericsVersion, resultVersions, textVersion } from '../job/resultVersions'
import { settledCompute } from '../model/network/computeRecord'
import type { Model } from '../model/denoiser/model'
import type { PictureRecord, StudyManifest } from './journal'
import { normaliseSweep, planCells } from './planCells'

/**
 * Describes everything that decides the figures of a study. Pictures and latents are identified by content,
 * never by their local path.
 *
 * @throws StudioError BAD_INPUT if no cell of the study makes sense
 */
export function describeStudy(
  model: Model,
  { stops: _, ...sweep }: LabStudy,
  pictures: readonly PictureRecord[],
): StudyManifest {
  const { info, schedule, compute } = model
  const { cells, skipped } = planCells(sweep, schedule)
  if (cells.length === 0) {
    throw new StudioError('BAD_INPUT', `This study has nothing to measure. ${skipped[0].reason}`)
  }
  return {
    software: 'Slerp Studio Lab',
    model: { id: info.id, sha256: info.sha256, scheduleHash: info.scheduleHash },
    pictures: [...pictures],
    study: normaliseSweep(sweep),
    cells: [...cells],
    skipped: [...skipped],
    // A study need not start over because its batches were halved when the device ran out of memory.
    compute: { ...settledCompute(compute), parts: 1 },
    ...resultVersions(model),
  }
}

/** Describes a study in a few words, with everything that may distinguish it from another. */
export function nameStudy({ model, pictures, study, compute, ...versions }: StudyManifest): string {
  const { solvers, timestepSpacings, steps, etas, batch, endTimestep, clip } = study
  const noise = etas.join() === '0' ? '' : `, eta ${etas.join(', ')}`
  const end = endTimestep === undefined ? '' : `, up to timestep ${endTimestep}`
  const sweep = `${solvers.join(', ')} on ${timestepSpacings.join(', ')} spacing, S = ${steps.join(', ')}${noise}${end}${clip ? ', x0 clipped' : ''}`
  const on =
    pictures.length === 1 ? `"${pictures[0].name}"` : `${pictures.length} pictures from "${pictures[0].name}"`
  const by = `${model.id} ${model.sha256.slice(0, 8)}, batch ${batch}, ${nameCompute(compute)}`
  const { numericsVersion: numerics, textVersion: texts = textVersion } = versions
  const isOurs = numerics === numericsVersion && texts === textVersion
  const version = isOurs ? '' : ', computed by another version'
  return `${sweep}; ${on}; ${by}${version}`
}

/** Describes what computed a study, as far as it may affect figures and times. */
export function nameCompute({ provider, device, precision, threads }: StudyManifest['compute']): string {
  if (provider === 'cpu') return `CPU with ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  const exactly = precision !== 'fp32' && precisionNames[precision]
  return [devices[provider].name, device, exactly].filter(Boolean).join(', ')
}
