import { untitled, type LastWork, type Work } from '#shared/app'
import { requireReadable } from '#shared/documentSize'
import { readDocument, writeDocument } from '#shared/readDocument'
import { z } from 'zod'
import type { JsonFolder } from './JsonFolder'

/** The current work, saved to disk whenever it changes. */
export interface WorkFile {
  /** The work as it stands, null if none was kept. Whether its files exist is not checked yet. */
  readonly last: Omit<LastWork, 'missing'> | null
  /**
   * Keeps the work; what was kept before remains if this fails.
   *
   * @throws StudioError BAD_INPUT for work that could not be read again, UNWRITABLE
   */
  save(value: Work): Promise<void>
  /**
   * Discards the changes to the project, before the window closes: the next start opens the project as its file has
   * it. Whatever the window sends after this is ignored.
   */
  discard(): void
  /** Marks a clean exit: the next start then restores the work without asking. */
  end(): Promise<void>
}

/** JSON that can be read as a document, of any version and in any condition; it is not transformed. */
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
  /** Null in files of versions that did not keep it, which kept no name either. */
  from: z.string().min(1).nullable().catch(null),
  name: z.string().catch(untitled),
  dirty: z.boolean().catch(true),
  /** Whether the app has not exited cleanly since. */
  open: z.boolean().catch(false),
})

/** Opens `work.json`, or the `session.json` written by versions up to 0.1 if there is none. */
export async function openWork(folder: JsonFolder): Promise<WorkFile> {
  const what = 'last pictures and timeline'
  const file = await folder.open('work.json', what, savedWork.nullable(), null)
  const first = file.value ?? (await openSession(folder, what))
  let crashed = first?.open ?? false
  let current = first
  let discarded = false
  const keep = async (open: boolean): Promise<void> => {
    if (current) await file.save({ ...current, open })
  }
  // From here on, an exit without `end` is a crash. An unwritable disk is reported at the first change.
  await keep(true).catch(() => undefined)
  return {
    get last() {
      if (!current) return null
      const { document, problems } = readDocument(current.document)
      const { path, from, name, dirty } = current
      return { document, problems, path, from, name, dirty, crashed }
    },
    async save({ document, path, from, name, dirty }) {
      if (discarded) return
      requireReadable(document)
      crashed = false
      current = { document: writeDocument(document), path, from, name, dirty, open: true }
      await keep(true)
    },
    discard() {
      discarded = true
      if (current) current = { ...current, dirty: false }
      // If it cannot be written now, `end` tries again.
      void keep(true).catch(() => undefined)
    },
    end: () => keep(false),
  }
}

async function openSession(folder: JsonFolder, what: string): Promise<z.infer<typeof savedWork> | null> {
  const { value } = await folder.open('session.json', what, readable.nullable(), null)
  return value === null
    ? null
    : { document: value, path: null, from: null, name: untitled, dirty: true, open: false }
}
