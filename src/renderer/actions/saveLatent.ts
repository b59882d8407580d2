import { request } from '../base/api'
import type { Item } from '../stores/library'
import { useModel } from '../stores/model'
import { useSettings } from '../stores/settings'
import { askAndRun } from './askAndRun'

/** Asks for files and saves items' latents with all that is known about each; encodes pictures if needed. */
export function saveLatents(items: readonly Item[]): Promise<void> {
  const [{ name }] = items
  const many = `${items.length} latents`
  return askAndRun<readonly string[]>({
    failed: items.length === 1 ? 'The latent couldn’t be saved' : 'The latents couldn’t be saved',
    ask: async () => {
      if (items.length > 1) return request('dialog.saveLatents', { names: items.map((item) => item.name) })
      const path = await request('dialog.saveLatent', { name })
      return path === null ? null : [path]
    },
    run: async (paths, overwrite) => {
      for (const [at, item] of items.entries()) await write(item, paths[at], overwrite)
    },
    done: (paths) => ({
      title: items.length === 1 ? `Latent of ${name} saved` : `${many} saved`,
      detail: items.length === 1 ? paths[0] : paths.join('\n'),
    }),
  })
}

async function write(item: Item, path: string, overwrite: boolean): Promise<void> {
  const { source: model } = useModel()
  const { decode, latentOf } = useSettings()
  const latent = latentOf(item)
  if (model && latent) await request('latent.save', { model, latent, decode, path, overwrite })
}
