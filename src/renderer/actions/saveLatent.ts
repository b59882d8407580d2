import { request } from '../base/api'
import type { Picture } from '../stores/library'
import { useModel } from '../stores/model'
import { useSettings } from '../stores/settings'
import { askAndRun } from './askAndRun'

/** Asks where to, and writes a picture's latent with all that is known of it; encodes the picture first if need be. */
export function saveLatent(picture: Picture): Promise<void> {
  return askAndRun({
    failed: 'The latent couldn’t be saved',
    ask: () => request('dialog.saveLatent', { name: picture.name }),
    run: (path, overwrite) => write(picture, path, overwrite),
    done: (path) => ({ title: `Latent of ${picture.name} saved`, detail: path }),
  })
}

async function write(picture: Picture, path: string, overwrite: boolean): Promise<void> {
  const { source: model } = useModel()
  const { decode, latentOf } = useSettings()
  if (model) await request('latent.save', { model, latent: latentOf(picture), decode, path, overwrite })
}
