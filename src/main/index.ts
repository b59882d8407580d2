/** Composition root of the desktop app: creates the parts and connects them, without logic of its own. */
import './beforeReady'
import {
  app,
  clipboard,
  dialog,
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  powerSaveBlocker,
  session,
  shell,
  type BrowserWindow,
} from 'electron'
import { dirname, join } from 'node:path'
import { eventChannel } from '#shared/channels'
import type { ProjectShown } from '#shared/app'
import type { Events } from '#shared/contract'
import type { Progress } from '#shared/progress'
import { openAppData, type AppData } from './appData'
import { serveApp } from './appProtocol'
import { askBeforeClosing, workUnderWay } from './closeQuestion'
import { appOrigin } from './confinement'
import { bundledModelName, findInstallation } from '#files/installation'
import type { EngineClient } from '#host/client'
import { Devices } from '#host/devices/Devices'
import { fingerprintMachine } from '#host/devices/fingerprint'
import { ProbeCache } from '#host/devices/ProbeCache'
import { DeviceAwareClient } from '#host/DeviceAwareClient'
import { engineLogName, openEngineLog } from './engineLog'
import { createHelp } from './help/createHelp'
import { closeManual } from './help/manualWindow'
import type { AppHandlers } from './ipc/handlers'
import { appHandlers } from './ipc/appHandlers'
import { connectWindow } from './ipc/connectWindow'
import { deviceHandlers } from './ipc/deviceHandlers'
import { dialogHandlers } from './ipc/dialogHandlers'
import { clearDragged } from './ipc/draggedPictures'
import { libraryHandlers } from './ipc/libraryHandlers'
import { modelHandlers } from './ipc/modelHandlers'
import { projectHandlers } from './ipc/projectHandlers'
import { outputHandlers } from './ipc/outputHandlers'
import { createRouter } from './ipc/router'
import { requestHandlers, RunningRequests } from './ipc/RunningRequests'
import { shellHandlers } from './ipc/shellHandlers'
import { workHandlers, type WorkQueue } from './ipc/workHandlers'
import {
  becomeTheOnlyInstance,
  bringToFrontOnSecondStart,
  endWithError,
  stopBeforeQuit,
  takeOpenedFiles,
} from './lifecycle'
import { menuTemplate } from './menu'
import { OpenedFiles } from './OpenedFiles'
import { OpenProject } from './OpenProject'
import { OutputFiles } from './OutputFiles'
import { confinePages, hardenSession } from './security'
import { mayUseServer } from './serverQuestion'
import { offerTextMenu } from './textMenu'
import { countStart, offerDefaults } from './unfinishedStarts'
import { forkUtilityEngine } from './utilityEngine'
import { createMainWindow, loadPage, reloadAfterCrash, showInTitle } from './window'
import { WriteGrants } from './WriteGrants'

const installation = findInstallation()
const built = join(installation.root, 'out')
const bundledModel = join(installation.resources, 'models', bundledModelName)
const developer = installation.kind !== 'app'
const pastedFolder = join(app.getPath('userData'), 'pasted')
const draggedFolder = join(app.getPath('userData'), 'dragged')

const openedFiles = new OpenedFiles()
const running = new RunningRequests()
const outputs = new OutputFiles()
const queue: WorkQueue = { waiting: 0 }
const grants = new WriteGrants()
const project = new OpenProject()

type Emit = <Name extends keyof Events>(event: Name, payload: Events[Name]) => void

function emitTo({ webContents }: BrowserWindow): Emit {
  return (event, payload) => {
    if (!webContents.isDestroyed()) webContents.send(eventChannel, event, payload)
  }
}

/** Everything that the handlers of one window need. */
interface HandlerParts {
  readonly window: BrowserWindow
  readonly emit: Emit
  readonly engine: EngineClient
  readonly devices: Devices
  readonly data: AppData
  readonly log: (text: string) => void
  readonly closeSaved: () => void
}

function createHandlers({ window, emit, engine, devices, data, log, closeSaved }: HandlerParts): AppHandlers {
  const samples = join(installation.resources, 'samples')
  const downloads = {
    startDownload: () => forkUtilityEngine(installation.downloadEntry, log, false, 'slerp-download'),
    onProgress: (requestId: string, progress: Progress) => emit('progress', { requestId, progress }),
  }
  return {
    ...appHandlers({
      version: installation.version,
      engine,
      resources: installation.resources,
      bundledModel,
      samples,
      data,
      applyTheme: (theme) => (nativeTheme.themeSource = theme),
      mayUseServer: (wanted, saved) => mayUseServer(dialog, window, wanted, saved),
      closeSaved,
      onWindowReady: () => openedFiles.deliverTo((paths) => emit('openFiles', { paths })),
    }),
    ...deviceHandlers({ devices, preferences: data.preferences, ...downloads }),
    ...dialogHandlers({ dialog, window, grants, picturesFolder: app.getPath('pictures') }),
    ...createHelp({ window, installation, devices, data, startDownload: downloads.startDownload }),
    ...libraryHandlers({ engine, recent: data.recent, pastedFolder, draggedFolder }),
    ...modelHandlers({
      engine,
      preferences: data.preferences,
      resources: installation.resources,
      ...downloads,
    }),
    ...projectHandlers({
      engine,
      version: app.getVersion(),
      grants,
      recent: data.recentProjects,
      open: project,
      picturesFolder: pastedFolder,
      resources: installation.resources,
      knownFolders: () => [...data.recent.paths.map((path) => dirname(path)), samples],
      show: (shown) => {
        showInTitle(window, shown)
        installMenu(emit, data)
      },
    }),
    ...outputHandlers(outputs),
    ...requestHandlers(running),
    ...shellHandlers({
      shell,
      clipboard,
      openImage: (png) => nativeImage.createFromBuffer(png),
      webContents: window.webContents,
      log: join(app.getPath('logs'), engineLogName),
      draggedFolder,
    }),
    ...workHandlers({ queue, window, power: powerSaveBlocker, notify }),
  }
}

function notify(title: string, detail: string, onClick: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body: detail })
  notification.on('click', onClick)
  notification.show()
}

function installMenu(emit: Emit, { recent, recentProjects }: AppData): void {
  const template = menuTemplate({
    platform: process.platform,
    developer,
    recentPictures: recent.paths,
    recentProjects: recentProjects.paths,
    project: project.shown,
    send: (command) => emit('menu', command),
    openFile: (path) => openedFiles.add([path]),
    clearRecent: () => {
      recent.clear()
      recentProjects.clear()
    },
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

/**
 * When a page reloads or crashes, its requests are cancelled and its open files aborted; exports and saves
 * go on. When the window closes, the whole engine ends, and exports keep their frames.
 */
function releaseWithPage(window: BrowserWindow): void {
  window.webContents.on('did-navigate', () => {
    openedFiles.hold()
    running.cancelAnswers()
    queue.waiting = 0
    void outputs.abortAll()
  })
}

/** How long the app must run before its start counts as finished. */
const startMilliseconds = 5000

/** Returns the project name to ask about before closing, if the project has a file; other work is kept anyway. */
function unsavedName(shown: ProjectShown | null): string | null {
  return shown?.dirty && shown.path !== null ? shown.name : null
}

async function endWork(data: AppData): Promise<void> {
  await project.release()
  await data.work.end()
  await data.idle()
}

async function start(): Promise<void> {
  const userData = app.getPath('userData')
  const starts = countStart(userData)
  const setAside = await offerDefaults(userData, starts, dialog)
  const data = await openAppData(userData, setAside === null ? [] : [setAside])
  const log = openEngineLog(app.getPath('logs'))
  const devices = new Devices({
    // Not every installer brings the command.
    recheck: 'Check again in Settings.',
    startProbe: (probeLog, tf32) => forkUtilityEngine(installation.probeEntry, probeLog, tf32, 'slerp-probe'),
    openProbeCache: async () =>
      ProbeCache.open(join(app.getPath('userData'), 'devices.json'), await fingerprintMachine()),
  })
  const engine = new DeviceAwareClient(
    (tf32) => forkUtilityEngine(installation.engineEntry, log, tf32),
    devices,
  )
  nativeTheme.themeSource = data.preferences.value.theme
  hardenSession(session.defaultSession, developer)
  await clearDragged(draggedFolder)
  await serveApp(session.defaultSession, built)

  const window = createMainWindow({ preload: join(built, 'preload/index.cjs'), developer, place: data.place })
  offerTextMenu(window)
  const emit = emitTo(window)
  const closeSaved = askBeforeClosing(window, dialog, {
    underWay: () => workUnderWay(running, outputs, queue),
    unsaved: () => unsavedName(project.shown),
    saveAndClose: () => emit('saveAndClose', {}),
    discard: () => {
      data.work.discard()
      if (project.shown) project.show({ ...project.shown, dirty: false })
    },
  })
  const handlers = createHandlers({ window, emit, engine, devices, data, log, closeSaved })
  const { preferences } = data
  connectWindow(window.webContents, createRouter({ handlers, engine, running, grants, preferences, emit }))
  engine.onState((state) => emit('engine', state))
  installMenu(emit, data)
  data.recent.onChange(() => installMenu(emit, data))
  data.recentProjects.onChange(() => installMenu(emit, data))
  releaseWithPage(window)
  reloadAfterCrash(window)
  window.on('closed', closeManual)
  bringToFrontOnSecondStart(window)
  app.on('will-quit', () => starts.finish())
  stopBeforeQuit(() =>
    Promise.allSettled([engine.stop(), devices.close(), outputs.abortAll(), endWork(data)]),
  )
  // Starts the engine process while the page loads, rather than when the page first asks.
  void engine.request('model.info', { model: { path: bundledModel } })
  await loadPage(window, `${appOrigin}/index.html`)
  // Crashes at startup happen within the first seconds.
  setTimeout(() => starts.finish(), startMilliseconds)
}

confinePages(app)
takeOpenedFiles(openedFiles)
if (becomeTheOnlyInstance()) app.whenReady().then(start).catch(endWithError)
