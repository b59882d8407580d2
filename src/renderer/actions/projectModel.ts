import type { DocumentModel } from '#shared/document'
import { request } from '../base/api'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { usePreferences } from '../stores/preferences'
import { useProject } from '../stores/project'

/**
 * Opens the model that a document was made with, if it is still where it was. Otherwise the document goes on
 * naming it until another model is opened.
 */
export async function findModel(wanted: DocumentModel | null): Promise<void> {
  const project = useProject()
  project.missingModel = null
  const model = useModel()
  if (!wanted || wanted.sha256 === '' || wanted.sha256 === model.info?.sha256) return
  project.missingModel = wanted
  if (await opensAs(wanted)) return
  useNotices().show({
    tone: 'bad',
    title: `The model ${wanted.name || 'of this project'} is missing`,
    detail: `The project was made with it. Its latents and frames stay in the project; ${model.info?.id ?? 'the model in use'} makes different ones.`,
  })
}

async function opensAs({ path, sha256 }: DocumentModel): Promise<boolean> {
  const model = useModel()
  const { threads } = usePreferences()
  if (path === '') return false
  try {
    const info = await request('model.info', { model: { path, threads } })
    if (info.sha256 !== sha256) return false
    await model.open(path)
    useProject().missingModel = null
    return true
  } catch {
    return false
  }
}
