import type { DocumentFound } from '#shared/project'
import type { PictureInfo } from '#shared/reports'
import { request } from '../base/api'
import { baseName } from '#core/format/baseName'
import { rereadPicture, describeCropsLostSince } from '../pictures/rereadPicture'
import { useDocument } from '../stores/document'
import { useEncoding } from '../stores/encoding'
import { useLastRead } from '../stores/lastRead'
import { isPicture, pathOfItem, useLibrary, type Item, type Picture } from '../stores/library'
import { useMissing } from '../stores/missing'
import { useNotices } from '../stores/notices'
import { useTimeline } from '../stores/timeline'
import { askAndRun } from './askAndRun'
import { edit } from './document'
import { noteOpenWork } from './openWork'

/**
 * Asks where a missing file is now, and looks for all other missing files in the same folder. If other work is
 * open once they are found, nothing is changed, because that work does not miss them.
 *
 * @param isOpen  whether the work that the item belongs to is open
 */
export async function locate(item: Item, isOpen = noteOpenWork()): Promise<void> {
  const isThere = (): boolean => isOpen() && useLibrary().byId.has(item.id)
  if (!isThere()) return notifyNotThere(item)
  return askAndRun<string>({
    failed: `${item.name} couldn’t be located`,
    ask: () => request('dialog.locate', { name: baseName(pathOfItem(item)) || item.name }),
    run: (path) => relocate(item, path, isThere),
  })
}

/** A notice that offers to locate an item may still be shown when the item is gone or another project is open. */
function notifyNotThere({ name }: Item): void {
  useNotices().show({
    title: `${name} wasn’t located`,
    detail: 'It isn’t in the project that is open now.',
  })
}

async function relocate(item: Item, path: string, isThere: () => boolean): Promise<void> {
  if (!isThere()) return notifyNotThere(item)
  const document = useDocument()
  const info = isPicture(item) ? await request('picture.info', { path }) : null
  const chosen = {
    ...document.value,
    pictures: document.value.pictures.map((one) => (one.id === item.id && info ? { ...one, info } : one)),
    latents: document.value.latents.map((one) =>
      one.id === item.id && one.kind === 'file' ? { ...one, path } : one,
    ),
  }
  const folder = path.slice(0, path.length - baseName(path).length) || '/'
  const found = await request('project.find', { document: chosen, folder: null, others: [folder] })
  if (!isThere()) return
  const library = useLibrary()
  const before = library.byId
  const action = takeFound(`Locate ${item.name}`, found)
  const lostCrops = describeCropsLostSince(before, library.pictures)
  // Earlier failures were about the old location.
  useEncoding().enqueue(useTimeline().items, { first: true, retry: true })
  const others = new Set(library.items.filter(useMissing().isMissing).map((one) => pathOfItem(one) || one.id))
    .size
  const still = others > 0 ? `${others} ${others === 1 ? 'file is' : 'files are'} still missing.` : null
  useNotices().show({
    tone: 'good',
    title: `${item.name} found`,
    detail: [lostCrops, still].filter((sentence) => sentence !== null).join(' ') || null,
    action,
  })
  library.select([item.id])
}

/**
 * Applies the locations that were found. Edits made meanwhile are kept, except a crop that lies outside a file
 * that has changed.
 */
function takeFound(label: string, found: DocumentFound) {
  const library = useLibrary()
  const pictures = new Map(
    found.document.pictures.map(({ id, info, relativePath }) => [id, { info, relativePath }]),
  )
  const files = new Map(
    found.document.latents.flatMap((one) =>
      one.kind === 'file' ? [[one.id, { path: one.path, relativePath: one.relativePath }] as const] : [],
    ),
  )
  const missing = new Set(found.missing)
  const read = found.document.pictures.map(({ info }) => info)
  useLastRead().note(read.filter(({ path }) => path !== '' && !missing.has(path)))
  const action = edit(label, () => {
    library.pictures = library.pictures.map((one) => {
      const place = pictures.get(one.id)
      return place ? { ...takeInfo(one, place.info), ...place } : one
    })
    library.latents = library.latents.map((one) =>
      one.kind === 'file' ? { ...one, ...files.get(one.id) } : one,
    )
  })
  noteMissing(found)
  return action
}

function takeInfo(picture: Picture, info: PictureInfo): Picture {
  return info.sha256 === picture.info.sha256 ? picture : rereadPicture(picture, info)
}

/**
 * Notes which paths are missing. An old path stays marked as missing unless a file was found there, because
 * undo returns to it.
 */
function noteMissing({ document: { pictures, latents }, missing }: DocumentFound): void {
  const still = new Set(missing)
  const there = new Set([...pictures, ...latents].map(pathOfItem).filter((path) => !still.has(path)))
  const before = [...useMissing().paths].filter((path) => !there.has(path))
  useMissing().paths = new Set([...before, ...still])
}
