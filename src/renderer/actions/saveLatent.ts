import { StudioError } from '#shared/errors'
import { request } from '../api'
import type { Picture } from '../stores/library'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { useSettings } from '../stores/settings'

/** Asks where to, and writes a picture's latent with all that is known of it; encodes the picture first if need be. */
export async function saveLatent(picture: Picture): Promise<void> {
  try {
    const path = await request('dialog.saveLatent', { name: picture.name })
    if (path !== null) await write(picture, path, false)
  } catch (thrown) {
    useNotices().fail('The latent was not saved', thrown)
  }
}

async function write(picture: Picture, path: string, overwrite: boolean): Promise<void> {
  const { source: model } = useModel()
  const { decode, latentOf } = useSettings()
  const notices = useNotices()
  if (!model) return
  const latent = latentOf(picture)
  try {
    await request('latent.save', { model, latent, decode, path, overwrite })
    notices.show({ tone: 'good', title: `The latent of ${picture.name} is saved`, detail: path })
  } catch (thrown) {
    const clash = thrown instanceof StudioError && thrown.code === 'EXISTS'
    const replace = { label: 'Replace it', run: () => void write(picture, path, true) }
    notices.fail('The latent was not saved', thrown, clash ? replace : null)
  }
}
