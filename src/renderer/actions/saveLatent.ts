import { nameSome } from '#core/format/lists'
import type { RouteInput, Routes } from '#shared/contract'
import { StudioError, toFailure } from '#shared/errors'
import { request } from '../base/api'
import { notMade } from '../stores/knownLatents'
import type { Item } from '../stores/library'
import { useModel } from '../stores/model'
import { useSettings } from '../stores/settings'
import { askAndRun } from './askAndRun'

/**
 * Asks for files and saves the latents of items with everything known about each, under the settings at the
 * time of the question. Pictures are encoded first if needed. Items without a latent are left out, and the
 * notice says so.
 */
export function saveLatents(all: readonly Item[]): Promise<void> {
  const { source: model } = useModel()
  const { decode, latentOf } = useSettings()
  const wanted = all.flatMap((item) => {
    const latent = latentOf(item)
    return latent ? [{ item, latent }] : []
  })
  const items = wanted.map(({ item }) => item)
  const reasons = all.filter((item) => !latentOf(item)).map((item) => notMade(item).message)
  const written = new Set<string>()
  return askAndRun<readonly string[]>({
    failed: all.length === 1 ? 'The latent couldn’t be saved' : 'The latents couldn’t be saved',
    ask: async () => {
      if (items.length === 0) throw new StudioError('UNSUPPORTED', reasons.join(' '))
      if (!model) throw new StudioError('NOT_FOUND', 'No model is open: open one under Models and try again.')
      if (items.length > 1) return request('dialog.saveLatents', { names: items.map((item) => item.name) })
      const path = await request('dialog.saveLatent', { name: items[0].name })
      return path === null ? null : [path]
    },
    run: async (paths, overwrite) => {
      const clashes: StudioError[] = []
      for (const [at, { latent }] of wanted.entries()) {
        // These were written by an earlier attempt: Replace must replace only the files that it was offered
        // for.
        if (written.has(paths[at])) continue
        const clash = await writeUnlessThere({ model: model!, latent, decode, path: paths[at], overwrite })
        if (clash) clashes.push(clash)
        else written.add(paths[at])
      }
      if (clashes.length > 0) throw joinClashes(clashes)
    },
    done: (paths) => ({
      tone: reasons.length > 0 ? 'info' : 'good',
      title: savedTitle(items, all),
      detail: [...paths, ...reasons].join('\n'),
    }),
  })
}

function savedTitle(saved: readonly Item[], all: readonly Item[]): string {
  if (saved.length < all.length) return `${saved.length} of ${all.length} latents saved`
  return saved.length === 1 ? `Latent of ${saved[0].name} saved` : `${saved.length} latents saved`
}

/**
 * Writes a latent. If another file is in the way, returns the error instead of throwing it, so that the other
 * latents are written first.
 */
async function writeUnlessThere(wanted: RouteInput<Routes['latent.save']>): Promise<StudioError | null> {
  try {
    await request('latent.save', wanted)
    return null
  } catch (thrown) {
    const { code, message } = toFailure(thrown)
    if (code !== 'EXISTS') throw thrown
    return new StudioError(code, message, { path: wanted.path })
  }
}

/** The most files in the way that a notice names; the others are counted. */
const mostNamed = 5

/** Joins the errors of several files that are in the way, so that the user agrees to replacing all of them. */
function joinClashes(clashes: readonly StudioError[]): StudioError {
  if (clashes.length === 1) return clashes[0]
  const paths = clashes.map(({ data }) => `"${String(data?.path)}"`)
  return new StudioError(
    'EXISTS',
    `Cannot write ${paths.length} files: ${nameSome(paths, mostNamed)} exist already: replace all of them, or choose another folder.`,
  )
}
