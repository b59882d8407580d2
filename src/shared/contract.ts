import { z } from 'zod'
import { frameDistanceIds } from '#core/timeline/frameDistances'
import type { AppState, EngineState, MenuCommand, Preferences } from './app'
import { preferences, projectShown, work } from './app'
import { type BatchReport, itemContents, type MergeReport, samplePlan, shard, wholeJob } from './batch'
import type { StudioDocument } from './document'
import { isObject } from './documentMigrations'
import { precisions, type DeviceReport } from './devices'
import { type DistanceReport, featureNetwork } from './distance'
import type { Failure, Result } from './errors'
import { exportFormats } from './exportFormats'
import { longestDiagnostics, manualPages, type About, type LatestRelease } from './help'
import { type DiscreteReport, discreteStudy, labStudy, type LabReport } from './lab'
import { limits, whole } from './limits'
import { type ExportedRepository, pullRequest, type ModelList, type PullReport } from './models'
import type { Progress } from './progress'
import type { DocumentFound, ExportOrigin, ProjectOpened, ProjectSaved, ProjectVerified } from './project'
import type {
  CacheUsage,
  CheckedModel,
  EncodeReport,
  ExportReport,
  FramesReport,
  LatentReport,
  ModelHeaders,
  ModelInfo,
  PictureInfo,
  TimingReport,
} from './reports'
import {
  classIndex,
  prompts,
  decodeSettings,
  encodeSettings,
  exportTarget,
  frameRange,
  frameDraft,
  framePlan,
  latentSource,
  modelSource,
  pictureSource,
  projectResults,
} from './settings'

/** One row of the table: what goes in (checked at the border) and what comes out (typed only). */
export interface Route<Input extends z.ZodType, Output> {
  readonly input: Input
  readonly output?: Output
}

function route<Output>() {
  return <Input extends z.ZodType>(input: Input): Route<Input, Output> => ({ input })
}

/** Passed on as it is, with all that this version does not know of it: whoever reads a file checks it. */
const documentValue = z.custom<StudioDocument>(isObject, 'document must be an object')

const previewSide = z.int().min(1).max(1024)

/** What the engine process does. Every request is self-contained: a fresh engine gives it the same answer. */
export const engineRoutes = {
  /** Reads configuration, card and weight headers, and nothing else: under a second, however large the model. */
  'model.headers': route<ModelHeaders>()(z.object({ model: modelSource })),
  /** The same with the identity of the weights, for which they are read, not loaded. */
  'model.info': route<ModelInfo>()(z.object({ model: modelSource })),
  /** Writes a model as ONNX graphs in a repository that NVIDIA Triton serves. */
  'model.export': route<ExportedRepository>()(
    z.object({
      model: modelSource,
      folder: z.string().min(1),
      precision: z.enum(precisions).default('fp32'),
      overwrite: z.boolean().default(false),
    }),
  ),
  /** Opens a model and puts it through the intake test: some evaluations of its network. */
  'model.check': route<CheckedModel>()(z.object({ model: modelSource })),
  /**
   * The models of this computer: the bundled ones, those of the Hugging Face cache, and those in or below some folders.
   * Reads configurations and headers alone.
   */
  'model.list': route<ModelList>()(
    z.object({ bundled: z.array(z.string().min(1)), folders: z.array(z.string().min(1)) }),
  ),
  /** The timesteps that encoding by these settings visits, ascending. */
  'model.timesteps': route<number[]>()(z.object({ model: modelSource, settings: encodeSettings })),
  'picture.info': route<PictureInfo>()(z.object({ path: z.string().min(1) })),
  /** What a model of this width and height, in pixels, will see of a picture: a PNG of that size. */
  'picture.preview': route<Uint8Array>()(
    z.object({ picture: pictureSource, width: previewSide, height: previewSide, projectResults }),
  ),
  /** Encodes a picture, decodes it back and measures both the way back and the latent. */
  'latent.encode': route<EncodeReport>()(
    z.object({
      model: modelSource,
      picture: pictureSource,
      encode: encodeSettings,
      restandardise: z.boolean().default(false),
      class: classIndex,
      ...prompts,
      decode: decodeSettings,
      previews: z.boolean().default(false),
    }),
  ),
  'latent.info': route<LatentReport>()(z.object({ model: modelSource, latent: latentSource })),
  'latent.save': route<LatentReport>()(
    z.object({
      model: modelSource,
      latent: latentSource,
      decode: decodeSettings,
      path: z.string().min(1),
      overwrite: z.boolean().default(false),
    }),
  ),
  /** How far two latent files are apart: the largest difference, in standard deviations of the reference. */
  'latent.difference': route<number>()(z.object({ reference: z.string().min(1), other: z.string().min(1) })),
  /** Some frames of a plan, decoded in one batch. */
  'animation.frames': route<FramesReport>()(
    z.object({
      model: modelSource,
      plan: framePlan,
      indices: z.array(z.int().min(0)).min(1).max(64),
      decode: decodeSettings,
      /** As drafts, in place of final frames. The progress of a single one that takes long gives a first look at it. */
      draft: frameDraft.optional(),
    }),
  ),
  /**
   * Where the frames of a path stand so that each differs from the next by as much as all others, and how far they are
   * apart; or, not `even`, how far they are apart as they stand. Frames are looked at in few steps.
   */
  'animation.timing': route<TimingReport>()(
    z.object({
      model: modelSource,
      plan: framePlan.options[0],
      decode: decodeSettings,
      distance: z.enum(frameDistanceIds).default('ssim'),
      even: z.boolean().default(true),
      /** Which segments are timed, by position; all when left out. */
      segments: z.array(z.int().min(0)).optional(),
      /** Whether frames are shared out over the segments by how much each of them changes. */
      share: z.boolean().default(false),
    }),
  ),
  /** All frames of a plan, into files. Repeating an interrupted request resumes it. */
  'animation.export': route<ExportReport>()(
    z.object({
      model: modelSource,
      plan: framePlan,
      decode: decodeSettings,
      target: exportTarget,
      /** Frames in one evaluation; left out, as many as make good use of the device. */
      batch: whole(limits.batch, 'batch').optional(),
    }),
  ),
  /**
   * Makes the items of one shard into a folder that all shards share, and keeps what is there of the same job. Repeating an
   * interrupted request resumes it.
   */
  'batch.run': route<BatchReport>()(
    z.object({
      model: modelSource,
      plan: z.union([framePlan, samplePlan]),
      decode: decodeSettings,
      batch: whole(limits.batch, 'batch').optional(),
      folder: z.string().min(1),
      shard: shard.default(wholeJob),
      /** Which items the job makes, under the numbers that they have in the whole; all of them when left out. */
      range: frameRange.optional(),
      content: z.enum(itemContents).default('png'),
      /** Whether x_T is kept beside each item. */
      latents: z.boolean().default(false),
    }),
  ),
  /** Checks that the shards of a folder are complete and of one job, and makes a film or picture of them where one is asked for. */
  'batch.merge': route<MergeReport>()(
    z.object({ folder: z.string().min(1), target: exportTarget.optional() }),
  ),
  /** How an export came about, as JSON: for files that the window writes itself. Its frames come `batch` at a time. */
  'animation.provenance': route<string>()(
    z.object({
      model: modelSource,
      plan: framePlan,
      decode: decodeSettings,
      target: exportTarget.pick({ fps: true, scale: true, enlargement: true, repeat: true, quality: true }),
      batch: whole(limits.batch, 'batch').optional(),
    }),
  ),
  /**
   * Measures every cell of a study into a folder: lab.csv, lab.json and PNG figures. Repeating an interrupted request
   * resumes it; the folder must be new, empty, or hold the same study. Each measured cell is reported as progress.
   */
  'lab.run': route<LabReport>()(
    z.object({
      model: modelSource,
      study: labStudy,
      folder: z.string().min(1),
      /** Whether to draw the pictures of section 5.2 and appendix D.5 too, which costs network evaluations. */
      figures: z.boolean().default(true),
      /** Measures only cells k with k mod count = index, into a folder of the shard's own inside `folder`. */
      shard: shard.optional(),
    }),
  ),
  /**
   * Opens a project file and puts what it holds where it is looked for. Pictures found nowhere else are written into
   * `unpackTo`.
   */
  'project.read': route<ProjectOpened>()(z.object({ path: z.string().min(1), unpackTo: z.string().min(1) })),
  /** Writes a project file with all that is kept of it; computes nothing. */
  'project.write': route<ProjectSaved>()(
    z.object({
      document: documentValue,
      /** Null while the document's model is missing. */
      model: modelSource.nullable(),
      path: z.string().min(1),
      overwrite: z.boolean().default(false),
      /** The project that the document was opened from. */
      from: z.string().min(1).nullable().default(null),
      /** Whether it holds all pictures, whatever the document says. */
      collect: z.boolean().default(false),
      /** Version of the program. */
      app: z.string().default(''),
    }),
  ),
  /**
   * The project that an export came from, as far as the export tells: settings, film, and its sources, looked for by
   * content around it and in other folders. Null for a file that tells nothing of this.
   */
  'project.ofExport': route<ExportOrigin | null>()(
    z.object({ path: z.string().min(1), others: z.array(z.string().min(1)).default([]) }),
  ),
  /** Encodes the pictures of a project again and compares them with the latents that it keeps. */
  'project.verify': route<ProjectVerified>()(
    z.object({ path: z.string().min(1), unpackTo: z.string().min(1), model: modelSource }),
  ),
  /** Looks for the files of a document: beside its project, and in other folders by name and content. */
  'project.find': route<DocumentFound>()(
    z.object({
      document: documentValue,
      folder: z.string().min(1).nullable().default(null),
      others: z.array(z.string().min(1)).default([]),
    }),
  ),
  /** What is kept on disk of latents and frames, so that nothing is computed twice. */
  'cache.usage': route<CacheUsage>()(z.object({})),
  /** Empties it, or sets the most that it may hold, in bytes; 0 keeps nothing. */
  'cache.change': route<CacheUsage>()(
    z.object({
      clear: z.boolean().default(false),
      limitBytes: whole(limits.cacheBytes, 'limitBytes').optional(),
    }),
  ),
  /** A study that was run before, finished or not. */
  'lab.open': route<LabReport>()(z.object({ folder: z.string().min(1) })),
  /** How far two folders of pictures are apart; with a network, `.npz` statistics may stand for a folder. */
  'distance.measure': route<DistanceReport>()(
    z.object({
      a: z.string().min(1),
      b: z.string().min(1),
      features: featureNetwork.optional(),
      /** Where to keep mean and covariance of A's features. */
      saveStatistics: z.string().min(1).optional(),
    }),
  ),
  /** The discrete process of the paper's appendix A on pictures of a few colours; the model decodes stops that are none. */
  'lab.discrete': route<DiscreteReport>()(discreteStudy.extend({ model: modelSource })),
} as const

/** A picture as a PNG file, of the size that a single frame may have. */
const pictureBytes = z
  .instanceof(Uint8Array)
  .refine(({ length }) => length <= largestPicture, 'the picture is too large')
const largestPicture = 100 * 2 ** 20

/** Paths of one import; more are imported in parts. */
export const mostPaths = 1000

/** What the desktop app's main process does itself, for its window. */
export const appRoutes = {
  /** What the window shows first: version, bundled model, sample pictures, preferences, the last session. */
  'app.state': route<AppState>()(z.object({})),
  'app.setPreferences': route<Preferences>()(preferences.partial()),
  /** Keeps the work on the table, so that a crash costs a moment of it at most. */
  'app.saveWork': route<null>()(work),
  /** Checks what this machine can compute on, anew: up to a minute a device. */
  'device.check': route<DeviceReport[]>()(z.object({})),
  /** Downloads the CUDA provider into the person's own folder, and checks every device anew. */
  'device.setUpCuda': route<DeviceReport[]>()(z.object({})),
  'dialog.openPictures': route<string[]>()(z.object({ folders: z.boolean().default(false) })),
  /** A model's folder, or a file of it. */
  'dialog.openModel': route<string | null>()(z.object({ file: z.boolean().default(false) })),
  'dialog.saveExport': route<string | null>()(z.object({ format: z.enum(exportFormats), name: z.string() })),
  /** Where a chart goes, as SVG. */
  'dialog.saveChart': route<string | null>()(z.object({ name: z.string() })),
  /** Where a new study goes: a folder that is made there. */
  'dialog.saveStudy': route<string | null>()(z.object({ name: z.string() })),
  /** The folder of an earlier study; one that holds a study may then be gone on with, too. */
  'dialog.openStudy': route<string | null>()(z.object({})),
  'dialog.saveLatent': route<string | null>()(z.object({ name: z.string() })),
  /** A folder for several latents: the path of each there, in order. */
  'dialog.saveLatents': route<string[] | null>()(
    z.object({ names: z.array(z.string()).min(1).max(mostPaths) }),
  ),
  'dialog.openProject': route<string | null>()(z.object({})),
  'dialog.saveProject': route<string | null>()(z.object({ name: z.string() })),
  /** Where a missing file is now. */
  'dialog.locate': route<string | null>()(z.object({ name: z.string() })),
  /** Whether to save changes before something takes their place. */
  'dialog.unsaved': route<'save' | 'discard' | 'cancel'>()(z.object({ name: z.string() })),
  /** Opens a project for this window, which then may be saved over. One that another program has open comes as a copy. */
  'project.open': route<ProjectOpened & { heldBy: string | null }>()(z.object({ path: z.string().min(1) })),
  /** As `project.ofExport`, with the folders of recent pictures and of the samples among those that are looked through. */
  'project.openExport': route<ExportOrigin | null>()(z.object({ path: z.string().min(1) })),
  'project.save': route<ProjectSaved>()(
    z.object({
      document: documentValue,
      model: modelSource.nullable(),
      path: z.string().min(1),
      overwrite: z.boolean(),
      from: z.string().min(1).nullable(),
      collect: z.boolean(),
    }),
  ),
  /** What the window's title and menu say of the project. `path` is null for one that was never saved. */
  'project.show': route<null>()(projectShown),
  /**
   * Files, and the pictures directly inside folders. What is no usable picture comes back as a failure beside the rest.
   * `remember` puts files among the recent ones of the menu.
   */
  'library.import': route<ImportReport>()(
    z.object({
      paths: z.array(z.string().min(1)).min(1).max(mostPaths),
      remember: z.boolean().default(true),
    }),
  ),
  /** A pasted picture: kept as a file of the app's own. */
  'library.paste': route<PictureInfo>()(z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) })),
  /** The models of this computer: see `model.list`. */
  'models.list': route<ModelList>()(z.object({})),
  /** Downloads a model into the Hugging Face cache: one of the two routes that use a network, unless the preferences forbid it. */
  'models.pull': route<PullReport>()(pullRequest),
  'help.about': route<About>()(z.object({})),
  'help.showManual': route<null>()(z.object({ page: z.enum(manualPages) })),
  /** Opens the folder of the logs. */
  'help.showLogs': route<null>()(z.object({})),
  /** A report of a problem, as text: versions, devices, settings and log, without pictures and paths. */
  'help.diagnostics': route<string>()(z.object({})),
  /** Asks where to, and saves the report as it was shown. Null when nothing was saved. */
  'help.saveDiagnostics': route<string | null>()(z.object({ text: z.string().max(longestDiagnostics) })),
  /** Asks npm's registry for the newest release. */
  'help.latestRelease': route<LatestRelease>()(z.object({})),
  'shell.reveal': route<null>()(z.object({ path: z.string().min(1) })),
  /** Opens the engine's log in the program that the system has for it. */
  'shell.openLog': route<null>()(z.object({})),
  /** Lets the system take a picture along as a file of this name, for a drag that has begun in the window. */
  'shell.dragPicture': route<null>()(z.object({ png: pictureBytes, name: z.string() })),
  'shell.copyText': route<null>()(z.object({ text: z.string().max(100_000) })),
  /** How far something long is, 0 to 1, or null when nothing runs: for the taskbar, and the machine stays awake. */
  'work.report': route<null>()(z.object({ share: z.number().min(0).max(1).nullable() })),
  /** Something long has ended: the system tells whoever does not look at the window. */
  'work.ended': route<null>()(z.object({ title: z.string(), detail: z.string() })),
  /**
   * A file the window writes itself (video from WebCodecs): whole under its name, or not at all. Like every route that
   * writes for the window, it writes only where a save dialog of this run has led.
   */
  'output.open': route<{ id: string }>()(z.object({ path: z.string().min(1), overwrite: z.boolean() })),
  'output.write': route<null>()(
    z.object({ id: z.string(), position: z.int().min(0), bytes: z.instanceof(Uint8Array) }),
  ),
  'output.close': route<{ bytes: number }>()(z.object({ id: z.string(), keep: z.boolean() })),
  /** Stops a running request within one step; its own answer is then CANCELLED. */
  'request.cancel': route<null>()(z.object({ requestId: z.string() })),
} as const

/** The whole table that the window may call. */
export const routes = { ...engineRoutes, ...appRoutes } as const

/** Pictures taken in, and why the others were not. */
export interface ImportReport {
  pictures: PictureInfo[]
  failures: { path: string; error: Failure }[]
}

/** What the main process tells its window unasked. */
export interface Events {
  progress: { requestId: string; progress: Progress }
  engine: EngineState
  menu: MenuCommand
  /** The window is to save the project, and then to close. */
  saveAndClose: Record<string, never>
  /** Files given to the app by the system: opened with it, dropped on its icon. Held back until `app.state` is asked. */
  openFiles: { paths: string[] }
}

/** All that the preload puts on `window.studio`. */
export interface Bridge {
  request(route: string, input: unknown, requestId: string): Promise<Result<unknown>>
  on<Name extends keyof Events>(event: Name, listener: (payload: Events[Name]) => void): () => void
  /** Path on disk of a dropped file; empty for one that is not on disk. */
  pathOf(file: unknown): string
}

export type Routes = typeof routes
export type RouteName = keyof Routes
export type EngineRoutes = typeof engineRoutes
export type EngineRouteName = keyof EngineRoutes
export type AppRoutes = typeof appRoutes
export type AppRouteName = keyof AppRoutes

/** What a caller may send: defaults may be left out. */
export type RouteInput<R> = R extends Route<infer I, unknown> ? z.input<I> : never
/** What a handler gets: parsed, defaults filled in. */
export type RouteRequest<R> = R extends Route<infer I, unknown> ? z.output<I> : never
export type RouteOutput<R> = R extends Route<z.ZodType, infer O> ? O : never
