import { StudioError } from '#shared/errors'
import type { LabStudy } from '#shared/lab'
import { computeFields, computingNames, differingFields, nameCompute } from '../job/otherCompute'
import { resultVersions } from '../job/resultVersions'
import { settledCompute } from '../model/network/computeRecord'
import type { Model } from '../model/denoiser/model'
import { isDecoded, type PictureRecord, type StudyManifest } from './journal'
import { normaliseSweep, planCells } from './planCells'

/**
 * Describes everything that decides the results of a study. Pictures and latents are identified by content, never by
 * their local path.
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

/** The fields that describe single pictures. */
const ofEachPicture: ReadonlySet<string> = new Set([
  'names of the pictures',
  'crop',
  'class',
  'prompts',
  'latents',
])

/** How one study differs from another. */
export interface StudyDifference {
  /** The fields that differ, in words; empty if the studies are equal. */
  readonly fields: readonly string[]
  /**
   * Set if the fields concern only the computing device, or only the version, which may also change the device's
   * runtime.
   */
  readonly only: 'computing' | 'version' | null
}

/** Compares two studies by everything that decides their results. */
export function compareStudies(one: StudyManifest, other: StudyManifest): StudyDifference {
  if (JSON.stringify(one) === JSON.stringify(other)) return { fields: [], only: null }
  const differing = differingFields(fieldsOf(one), fieldsOf(other))
  // Other pictures also have other names and crops, which need not be listed.
  const telling = differing.includes('pictures')
    ? differing.filter((name) => !ofEachPicture.has(name))
    : differing
  const fields = telling.length > 0 ? telling : ['planned cells']
  const isOfStudy = fields.some((name) => name !== 'version' && !computingNames.has(name))
  if (isOfStudy) return { fields, only: null }
  return { fields, only: fields.includes('version') ? 'version' : 'computing' }
}

function fieldsOf({ model, pictures, study, compute, ...rest }: StudyManifest): Record<string, unknown> {
  const { solvers, timestepSpacings, steps, etas, batch, endTimestep, clip } = study
  const files = pictures.flatMap((picture) => (isDecoded(picture) ? [] : [picture]))
  return {
    model,
    pictures: pictures.map((picture) => (isDecoded(picture) ? picture.latentSha256 : picture.sha256)),
    'names of the pictures': pictures.map(({ name }) => name),
    crop: files.map(({ fit }) => fit),
    class: files.map((file) => file.class),
    prompts: files.map(({ prompt, sourcePrompt }) => [prompt, sourcePrompt]),
    latents: pictures.map((picture) => isDecoded(picture) && [picture.source, picture.decode]),
    solvers,
    'timestep spacings': timestepSpacings,
    steps,
    eta: etas,
    batch,
    'end timestep': endTimestep,
    clip,
    ...computeFields(compute),
    version: [rest.numericsVersion, rest.textVersion],
  }
}

/** Describes a study in a few words. */
export function nameStudy({ model, pictures, study, compute }: StudyManifest): string {
  const { solvers, timestepSpacings, steps, etas, batch, endTimestep, clip } = study
  const noise = etas.join() === '0' ? '' : `, eta ${etas.join(', ')}`
  const end = endTimestep === undefined ? '' : `, up to timestep ${endTimestep}`
  const sweep = `${solvers.join(', ')} on ${timestepSpacings.join(', ')} spacing, S = ${steps.join(', ')}${noise}${end}${clip ? ', x0 clipped' : ''}`
  const on =
    pictures.length === 1 ? `"${pictures[0].name}"` : `${pictures.length} pictures from "${pictures[0].name}"`
  return `${sweep}; ${on}; ${model.id} ${model.sha256.slice(0, 8)}, batch ${batch}, ${nameCompute(compute)}`
}
