import type { DocumentLatent } from '#shared/document'
import { limits } from '#shared/limits'
import { baseName } from '#core/format/baseName'
import { useDocument } from '../stores/document'
import { useEncoding } from '../stores/encoding'
import { useLastRead } from '../stores/lastRead'
import { titleOf, useLibrary, type Item, type Latent } from '../stores/library'
import { edit } from './document'
import { noteFound } from './noteFound'

/** Adds latents drawn from seeds to the library. */
export function addSeeds(first: number, count: number): void {
  const seeds = Array.from({ length: count }, (_unused, at) => first + at).filter(
    (seed) => seed <= limits.seed.max,
  )
  addLatents(
    seeds.length === 1 ? `Add seed ${first}` : `Add ${seeds.length} seeds`,
    seeds.map((seed) => ({ id: crypto.randomUUID(), name: `Seed ${seed}`, kind: 'seed', seed })),
  )
}

/** Returns the lowest seed, from 1, that is not in the library. */
export function nextSeed(): number {
  const taken = new Set(useLibrary().latents.map((latent) => (latent.kind === 'seed' ? latent.seed : 0)))
  let seed = 1
  while (taken.has(seed)) seed++
  return seed
}

/** Latent files as items of the library: those already in it, and new ones to add. */
export interface LatentFiles {
  readonly known: readonly Latent[]
  readonly fresh: readonly Latent[]
}

/** Notes that latent files are there, read again if they have changed, and returns their items. */
export function takeLatentFiles(paths: readonly string[]): LatentFiles {
  const library = useLibrary()
  const document = useDocument()
  useLastRead().noteLatentFiles(paths)
  document.value = useLastRead().asRead(document.value)
  noteFound(paths)
  const known = paths.flatMap(
    (path) => library.latents.find((one) => one.kind === 'file' && one.path === path) ?? [],
  )
  const fresh = paths.filter((path) => !known.some((one) => one.kind === 'file' && one.path === path))
  return {
    known,
    fresh: fresh.map((path) => ({
      id: crypto.randomUUID(),
      name: titleOf(baseName(path)),
      kind: 'file',
      path,
      sha256: '',
    })),
  }
}

/** Adds an equal mix of these items to the library. */
export function addMix(items: readonly Item[]): void {
  const parts = items.map(({ id }) => ({ source: id, weight: 1 }))
  const name = items.map((item) => item.name).join(' + ')
  addLatents('Mix', [{ id: crypto.randomUUID(), name, kind: 'mix', parts }])
}

/** Changes the weight of one part of a mix. */
export function changeWeight({ id, name }: Latent, part: number, weight: number): void {
  const library = useLibrary()
  edit(
    `Change ${name}`,
    () =>
      (library.latents = library.latents.map((latent) =>
        latent.id === id && latent.kind === 'mix'
          ? { ...latent, parts: latent.parts.map((one, at) => (at === part ? { ...one, weight } : one)) }
          : latent,
      )),
    `weight-${id}-${part}`,
  )
}

function addLatents(label: string, latents: readonly DocumentLatent[]): void {
  const library = useLibrary()
  if (!edit(label, () => library.addLatents(latents))) return
  library.select(latents.map(({ id }) => id))
  useEncoding().enqueue(latents)
}
