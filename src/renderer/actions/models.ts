import { mostModelFolders } from '#shared/app'
import type { ModelRow } from '#shared/models'
import { baseName } from '#core/format/baseName'
import { request } from '../base/api'
import { useModel } from '../stores/model'
import { useModelLibrary } from '../stores/modelLibrary'
import { useNotices, type NoticeKind } from '../stores/notices'
import { usePreferences } from '../stores/preferences'
import { isPreset, useSettings } from '../stores/settings'
import { useWorkspace } from '../stores/workspace'
import { askAndRun } from './askAndRun'
import { edit } from './document'
import { noteOpenWork } from './openWork'

/** Asks for a model's folder, or for a single file that represents a model, and opens it. */
export function openModel(file = false): Promise<void> {
  return askAndRun({
    failed: 'The model couldn’t be opened',
    ask: () => request('dialog.openModel', { file }),
    run: openAndRemember,
  })
}

/**
 * Offers to open a folder or file if it is a model.
 *
 * @returns whether it is
 */
export async function offerModel(path: string): Promise<boolean> {
  const { threads } = usePreferences()
  const found = await request('model.info', { model: { path, threads } }).catch(() => null)
  if (found === null) return false
  const open = (): Promise<void> =>
    askAndRun({
      failed: 'The model couldn’t be opened',
      ask: () => Promise.resolve(path),
      run: openAndRemember,
    })
  useNotices().show({
    title: `“${found.id}” is a model`,
    detail: 'Your pictures and timeline stay when you switch to it.',
    action: { label: 'Open model', run: () => void open() },
  })
  return true
}

/** Offers to open the model that weight files belong to, or explains what they are and what a model needs. */
export async function offerWeights(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (await offerModel(path)) return
  }
  const [one] = paths
  const holds = paths.length === 1 ? `“${baseName(one)}” holds` : `${paths.length} files hold`
  useNotices().show({
    tone: 'bad',
    title: `${holds} the weights of a network, not a latent`,
    detail:
      'A model needs its configuration too. Drop the model’s whole folder here, or open the model under Models.',
    action: { label: 'Models', run: () => (useWorkspace().dialog = 'models') },
  })
}

async function openAndRemember(path: string): Promise<void> {
  await keepingPreset(() => useModel().open(path))
  await remember(path)
}

/**
 * Opens another model. A preset in use is replaced by the new model’s preset of the same name, because the
 * number of steps depends on the kind of model. The user’s own settings stay, and so do settings that were
 * chosen or opened while the model was being read. Guidance is not part of a preset and stays too.
 */
async function keepingPreset(open: () => Promise<boolean>): Promise<void> {
  const settings = useSettings()
  const isOpen = noteOpenWork()
  const { preset: before } = settings
  if (!(await open()) || !before || !isOpen() || !isPreset(before, settings.encode, settings.decode)) return
  const preset = settings.presets.find(({ id }) => id === before.id)
  if (preset) edit(`Choose ${preset.name}`, () => settings.apply(preset))
}

/** Asks for a folder of models, which are listed from then on. */
export function addModelFolder(): Promise<void> {
  return askAndRun({
    failed: 'The folder couldn’t be added',
    ask: () => request('dialog.openModel', {}),
    run: remember,
  })
}

async function remember(path: string): Promise<void> {
  const preferences = usePreferences()
  const others = preferences.modelFolders.filter((folder) => folder !== path)
  const dropped = others.length < mostModelFolders ? null : leastNeeded(others)
  await preferences.change({ modelFolders: [path, ...others.filter((folder) => folder !== dropped)] })
  if (dropped !== null) {
    useNotices().show({
      title: `“${baseName(dropped)}” is no longer listed under Models`,
      detail: `The list holds at most ${mostModelFolders} folders. The folder’s files stay where they are: ${dropped}`,
    })
  }
  await listModels()
}

/** Lists the models on this computer again. If that fails, a notice says so; what was done before stays done. */
export async function listModels(): Promise<void> {
  try {
    await useModelLibrary().refresh()
  } catch (thrown) {
    useNotices().fail('The models couldn’t be listed', thrown)
  }
}

/**
 * Returns the folder to drop from the list: the one that was added longest ago among those in which no model
 * opens or, if there are none, among all.
 */
function leastNeeded(folders: readonly string[]): string {
  const rows = useModelLibrary().list?.rows ?? []
  const isDead = (listed: string): boolean => {
    const own = rows.filter(({ folder }) => folder === listed)
    return own.length > 0 && own.every(({ problem }) => problem !== null)
  }
  return folders.findLast(isDead) ?? folders.at(-1)!
}

/**
 * Returns the folder to take off the list of models so that a row disappears; null if there is none. The model
 * in use is always listed.
 */
export function removableFolderOf({ folder, path }: Pick<ModelRow, 'folder' | 'path'>): string | null {
  const { modelFolders, modelPath } = usePreferences()
  if (folder === null || path === useModel().info?.path) return null
  return modelFolders.includes(folder) || folder === modelPath ? folder : null
}

/**
 * Takes a folder off the list of models. Its files stay where they are. If it is the model that was chosen last, the app
 * starts with the default model from then on.
 */
export async function forgetModelFolder(folder: string): Promise<void> {
  const preferences = usePreferences()
  try {
    await preferences.change({
      modelFolders: preferences.modelFolders.filter((listed) => listed !== folder),
      ...(preferences.modelPath === folder && { modelPath: null, modelReading: {} }),
    })
  } catch (thrown) {
    useNotices().fail('The folder couldn’t be removed from the list', thrown)
    return
  }
  await listModels()
}

/** Opens a model from the library. The document stays as it is. */
export async function switchModel(row: ModelRow): Promise<void> {
  const model = useModel()
  const isDefault = useModelLibrary().list?.rows[0]?.path === row.path
  try {
    await keepingPreset(() => (isDefault ? model.openDefault() : model.open(row.path)))
  } catch (thrown) {
    useNotices().fail(`“${row.id}” couldn’t be opened`, thrown)
    // The model may have been moved or deleted meanwhile.
    await listModels()
  }
}

/** Returns to the model that the app starts with. */
export async function openDefaultModel(): Promise<void> {
  try {
    await keepingPreset(() => useModel().openDefault())
  } catch (thrown) {
    useNotices().fail('The default model couldn’t be opened', thrown)
  }
}

const failedDownloads: NoticeKind = {
  id: 'download',
  title: (count) => `${count} models couldn’t be downloaded`,
  action: { label: 'Models', run: () => (useWorkspace().dialog = 'models') },
}

/**
 * Downloads a model. A notice reports how the download ended, because the library of models may be closed by
 * then.
 */
export async function downloadModel(id: string): Promise<void> {
  const library = useModelLibrary()
  const report = await library.pull(id)
  if (report) {
    const row = library.list?.rows.find(({ path }) => path === report.path)
    useNotices().show({
      tone: 'good',
      title: `${report.repository} is here`,
      detail: report.notices.join(' ') || null,
      action: row?.picture ? { label: 'Use', run: () => void switchModel(row) } : null,
    })
  } else {
    const failure = library.downloads.get(id)?.failure
    const title = `${id} couldn’t be downloaded`
    if (failure) useNotices().show({ tone: 'bad', title, detail: failure, kind: failedDownloads })
  }
}
