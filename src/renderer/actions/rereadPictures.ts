import type { PictureInfo } from '#shared/reports'
import { describeCropsLostSince } from '../pictures/rereadPicture'
import { useDocument } from '../stores/document'
import { useEncoding } from '../stores/encoding'
import { useLastRead } from '../stores/lastRead'
import { useLibrary, type Picture } from '../stores/library'
import { useNotices } from '../stores/notices'

/**
 * Updates the library with what was just read from picture files that have changed, and shows a notice. This is
 * not an edit, because undo cannot restore a file: the pictures stay as their files are, whatever is undone.
 * Those that were encoded are encoded again.
 */
export function rereadPictures(infos: readonly PictureInfo[]): void {
  const document = useDocument()
  const library = useLibrary()
  const encoding = useEncoding()
  const before = library.byId
  useLastRead().note(infos)
  document.value = useLastRead().asRead(document.value)
  const changed = library.pictures.filter(({ id, info }) => (before.get(id) as Picture).info !== info)
  if (changed.length === 0) return
  encoding.enqueue(changed.filter(({ id }) => encoding.isReady(before.get(id)!)))
  notifyChanged(changed, describeCropsLostSince(before, changed))
}

/** @param detail  says which of the pictures lost their crop */
function notifyChanged(changed: readonly Picture[], detail: string | null): void {
  const [first] = changed
  const title =
    changed.length === 1
      ? `The file of ${first.name} has changed and is read again`
      : `The files of ${changed.length} pictures have changed and are read again`
  useNotices().show({ title, detail, items: changed.length === 1 ? [] : changed.map(({ name }) => name) })
}
