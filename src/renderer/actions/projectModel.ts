import type { DocumentModel } from '#shared/document'
import { request } from '../base/api'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { usePreferences } from '../stores/preferences'
import { useProject } from '../stores/project'

/**
 * Opens the model that a document was made with, if it is still where it was, or another of the same name on
 * this computer is the same model: a project may come from another computer. Otherwise the document goes on
 * naming it until another model is opened.
 */
export async function findModel(wanted: DocumentModel | null): Promise<void> {
  const project = useProject()
  project.missingModel = null
  const model = useModel()
  if (!wanted || wanted.sha256 === '' || wanted.sha256 === model.info?.sha256) return
  project.missingModel = wanted
  if ((await opensAs(wanted.path, wanted)) || (await isElsewhere(wanted))) {
    project.missingModel = null
    return
  }
  useNotices().show({
    tone: 'bad',
    title: `The model ${wanted.name || 'of this project'} is missing`,
    detail: `The project was made with it. Its latents and frames stay in the project; ${model.info?.id ?? 'the model in use'} makes different ones.`,
  })
}

/** Opens the first model in the library that has the wanted name and contents, if there is one. */
async function isElsewhere(wanted: DocumentModel): Promise<boolean> {
  const { rows } = await request('models.list', {}).catch(() => ({ rows: [] }))
  for (const { id, path } of rows) {
    if (id === wanted.name && (await opensAs(path, wanted))) return true
  }
  return false
}

/** Opens the model at `path` if it is the wanted one: as it was last read, if it is the chosen model. */
async function opensAs(path: string, { sha256 }: DocumentModel): Promise<boolean> {
  if (path === '') return false
  const { threads, modelPath, modelReading } = usePreferences()
  const reading = path === modelPath ? modelReading : {}
  try {
    const info = await request('model.info', { model: { path, threads, ...reading } })
    if (info.sha256 === sha256) await useModel().open(path, reading)
    return info.sha256 === sha256
  } catch {
    return false
  }
}
