import type { DocumentModel } from '#shared/document'
import { isNamed } from '#shared/models'
import { stableJson } from '#shared/stableJson'
import { request } from '../base/api'
import type { Ticket } from '../base/tickets'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { usePreferences } from '../stores/preferences'
import { useProject } from '../stores/project'

/**
 * Opens the model that a document was made with, read as it was read then. The model may still be where it was;
 * otherwise a model of the same name and contents on this computer is used, because a project may come from
 * another computer. If none is found, the document goes on naming its own model until the user opens another
 * one. A search ends without a result once other work or another model is opened; a failed attempt to open
 * another model does not end it.
 */
export async function findModel(wanted: DocumentModel | null): Promise<void> {
  const project = useProject()
  project.missingModel = null
  const model = useModel()
  const isWanted = model.take()
  if (!wanted || wanted.sha256 === '') return
  // A model that was asked for before the work was opened no longer replaces that of the work.
  model.choose()
  const inUse = wanted.sha256 === model.info?.sha256 ? model.info.path : ''
  if (inUse !== '' && stableJson(wanted.reading ?? model.reading) === stableJson(model.reading)) return
  project.missingModel = wanted
  const found =
    (await opensAs(inUse, wanted, isWanted)) ||
    (await opensAs(wanted.path, wanted, isWanted)) ||
    (await isElsewhere(wanted, isWanted))
  // A model that was found is in use now, so the project no longer misses it.
  if (found || !isWanted()) return
  useNotices().show({
    tone: 'bad',
    title: `The model ${wanted.name || 'of this project'} is missing`,
    detail: `The project was made with it. Its latents and frames stay in the project; ${model.info?.id ?? 'the model in use'} makes different ones.`,
  })
}

/** Opens the first model in the library that has the wanted name and contents, if there is one. */
async function isElsewhere(wanted: DocumentModel, isWanted: Ticket): Promise<boolean> {
  const { rows } = await request('models.list', {}).catch(() => ({ rows: [] }))
  for (const row of rows) {
    if (isNamed(row, wanted.name) && (await opensAs(row.path, wanted, isWanted))) return true
  }
  return false
}

/**
 * Opens the model at `path` if it is the wanted one, and still wanted once it is read. If the document does not
 * say how it was read, and it is the model that was chosen last, it is read as it was then.
 */
async function opensAs(
  path: string,
  { sha256, reading: wantedReading }: DocumentModel,
  isWanted: Ticket,
): Promise<boolean> {
  if (path === '' || !isWanted()) return false
  const { threads, modelPath, modelReading } = usePreferences()
  const reading = wantedReading ?? (path === modelPath ? modelReading : {})
  try {
    const info = await request('model.info', { model: { path, threads, ...reading } })
    if (info.sha256 !== sha256 || !isWanted()) return false
    useProject().missingModel = null
    await useModel().use(info, path, reading)
    return true
  } catch {
    return false
  }
}
