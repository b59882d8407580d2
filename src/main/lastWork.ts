import type { LastWork, Work } from '#shared/app'
import { readDocument, writeDocument } from '#shared/readDocument'
import { z } from 'zod'
import type { JsonFolder } from './JsonFolder'

/** The work on the table, kept on disk all the while it changes. */
export interface WorkFile {
  /** As it stands; null before anything was kept. Whether its files are there is not known yet. */
  readonly last: Omit<LastWork, 'missing'> | null
  save(value: Work): Promise<void>
  /** To be called at a proper end: the next start then takes the work up without asking. */
  end(): Promise<void>
}

/** JSON that a document can be read from, of any age and in whatever condition; left as it is. */
const readable = z.unknown().superRefine((json, context) => {
  try {
    readDocument(json)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
})

const savedWork = z.object({
  document: readable,
  path: z.string().min(1).nullable().catch(null),
  dirty: z.boolean().catch(true),
  /** Whether the app has not ended properly since. */
  open: z.boolean().catch(false),
})

/** Opens `work.json`; where there is none yet, the `session.json` that versions up to 0.1 wrote. */
export async function openWork(folder: JsonFolder): Promise<WorkFile> {
  const what = 'last pictures and timeline'
  const file = await folder.open('work.json', what, savedWork.nullable(), null)
  const first = file.value ?? (await openSession(folder, what))
  let crashed = first?.open ?? false
  let current = first
  const keep = async (open: boolean): Promise<void> => {
    if (current) await file.save({ ...current, open })
  }
  // From here on, an end without a word is a crash. An unwritable disk is told at the first change.
  await keep(true).catch(() => undefined)
  return {
    get last() {
      if (!current) return null
      const { document, problems } = readDocument(current.document)
      return { document, problems, path: current.path, dirty: current.dirty, crashed }
    },
    async save({ document, path, dirty }) {
      crashed = false
      current = { document: writeDocument(document), path, dirty, open: true }
      await keep(true)
    },
    end: () => keep(false),
  }
}

async function openSession(folder: JsonFolder, what: string): Promise<z.infer<typeof savedWork> | null> {
  const { value } = await folder.open('session.json', what, readable.nullable(), null)
  return value === null ? null : { document: value, path: null, dirty: true, open: false }
}
