import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { solverIds } from '#core/diffusion/solvers/registry'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { journalName, labStudy, settingsId } from '#shared/lab'
import { renameOldSettings } from '#shared/oldNames'
import { classIndex, prompts } from '#shared/condition'
import { fitSettings } from '#shared/pictureSource'
import { decodeSettings, eta, steps } from '#shared/settings'
import { readWholeFile } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import { fileLimits } from '#shared/fileLimits'
import { computeRecord } from '../model/network/computeRecord'
import { writeAll, writeAtomicFile } from '#files/atomicFile'

const settings = z.object({
  solver: z.enum(solverIds),
  timestepSpacing: z.enum(timestepSpacingIds),
  steps,
  eta,
})

/** A picture from a file or decoded from a latent, identified by content, without local paths. */
const pictureRecord = z.union([
  z.object({ name: z.string(), sha256: z.string(), fit: fitSettings, class: classIndex, ...prompts }),
  z.object({
    name: z.string(),
    latentSha256: z.string(),
    /** Everything needed to make the latent again. */
    source: z.record(z.string(), z.unknown()),
    /** The settings that decoded it to the picture that was measured. */
    decode: decodeSettings,
  }),
])
export type PictureRecord = z.infer<typeof pictureRecord>
type DecodedRecord = Extract<PictureRecord, { latentSha256: string }>

/** Whether a picture was decoded from a latent, so that there is no original to compare with. */
export function isDecoded(picture: PictureRecord): picture is DecodedRecord {
  return 'latentSha256' in picture
}

/**
 * The first line of a journal: everything that decides the results of a study, and so distinguishes it from others.
 */
const manifestSchema = z.object({
  software: z.literal('Slerp Studio Lab'),
  model: z.object({ id: z.string(), sha256: z.string(), scheduleHash: z.string() }),
  pictures: z.array(pictureRecord),
  study: labStudy.omit({ stops: true }),
  cells: z.array(settings),
  skipped: z.array(settings.extend({ reason: z.string() })),
  compute: computeRecord,
  /** As `resultVersions` returns them; older journals have none. */
  numericsVersion: z.int().optional(),
  textVersion: z.int().optional(),
})
/** The first line of a journal. */
export type StudyManifest = z.infer<typeof manifestSchema>

const measurement = z.object({
  evaluations: z.number(),
  mse: z.number(),
  ssim: z.number(),
  autoencoderMse: z.number().optional(),
  inversionMse: z.number().optional(),
  mean: z.number(),
  std: z.number(),
  normRatio: z.number(),
  kurtosis: z.number(),
  neighbourCorrelation: z.number(),
})

/** Any other line: a cell that is done, either measured or failed for good. */
const entrySchema = z.object({
  settings,
  seconds: z.number(),
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('measured'), measurements: z.array(measurement), fallbacks: z.number() }),
    z.object({ kind: z.literal('failed'), reason: z.string() }),
  ]),
})
/** One cell of a study that is done. */
export type JournalEntry = z.infer<typeof entrySchema>

/** The contents of a journal. */
export interface JournalContent {
  readonly manifest: StudyManifest
  /** By {@link settingsId} of their settings. */
  readonly entries: ReadonlyMap<string, JournalEntry>
}

/** A journal open for writing. */
export interface Journal extends JournalContent {
  /** Appends a cell durably: once this resolves, the cell survives a kill and a power failure. */
  append(entry: JournalEntry): Promise<void>
}

/** Creates the journal of a study in a folder that has none. */
export async function createJournal(folder: string, content: StudyManifest): Promise<Journal> {
  const path = join(folder, journalName)
  const head = Buffer.from(`${JSON.stringify(content)}\n`)
  await writeAtomicFile(path, head, { overwrite: false })
  return writable(path, { manifest: content, entries: new Map() }, head.length)
}

/**
 * Opens a folder's journal in order to continue it.
 *
 * @throws StudioError as {@link readJournal}
 */
export async function resumeJournal(folder: string): Promise<Journal> {
  const { bytes, ...content } = await parseJournal(folder)
  return writable(join(folder, journalName), content, bytes)
}

/**
 * @throws StudioError NOT_FOUND if the folder contains no study, UNREADABLE if the start of its journal
 *   is damaged
 */
export async function readJournal(folder: string): Promise<JournalContent> {
  const { manifest, entries } = await parseJournal(folder)
  return { manifest, entries }
}

function writable(path: string, { manifest, entries }: JournalContent, bytes: number): Journal {
  const known = new Map(entries)
  let end = bytes
  return {
    manifest,
    entries: known,
    append: (entry) =>
      explained(path, 'write', async () => {
        const line = Buffer.from(`${JSON.stringify(entry)}\n`)
        const file = await open(path, 'r+')
        try {
          // Removes an incomplete line left by a killed run.
          await file.truncate(end)
          await writeAll(file, line, end)
          await file.datasync()
        } finally {
          await file.close()
        }
        end += line.length
        known.set(settingsId(entry.settings), entry)
      }),
  }
}

/** Reads complete lines up to the first incomplete one; whatever follows was never reported as written. */
async function parseJournal(folder: string): Promise<JournalContent & { bytes: number }> {
  const path = join(folder, journalName)
  // Not `readText`, which skips a byte order mark: the length of the text is where the next line is written.
  const text = (await readWholeFile(path, fileLimits.journal)).toString('utf8')
  const [first, ...lines] = text.split('\n').slice(0, -1)
  const head = manifestSchema.safeParse(parseJson(first ?? ''))
  if (!head.success) {
    throw new StudioError('UNREADABLE', `"${path}" is damaged: remove the folder, or choose another.`, {
      path,
    })
  }
  const entries = new Map<string, JournalEntry>()
  let bytes = Buffer.byteLength(first) + 1
  for (const line of lines) {
    const parsed = entrySchema.safeParse(parseJson(line))
    if (!parsed.success) break
    entries.set(settingsId(parsed.data.settings), parsed.data)
    bytes += Buffer.byteLength(line) + 1
  }
  return { manifest: head.data, entries, bytes }
}

function parseJson(text: string): unknown {
  try {
    return renameOldSettings(JSON.parse(text))
  } catch {
    return undefined
  }
}
