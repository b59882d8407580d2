import { nameSome } from '#core/format/lists'

/** How huggingface_hub numbers the files of weights that do not fit into one. */
const numbered = /^(.*-)(\d{5})-of-(\d{5})(.*)$/

/** The files that weights were split into, by their numbers. */
export interface ShardSet {
  /** All of its files, in order, whether they are there or not. */
  readonly names: readonly string[]
  readonly missing: readonly string[]
}

/** Returns whether a file is one of a set, by its name. */
function isShard(name: string): boolean {
  const [, , number, total] = numbered.exec(name) ?? []
  return Number(number) >= 1 && Number(number) <= Number(total)
}

/**
 * Returns the whole set that a numbered file belongs to; null for a file without a number.
 *
 * @param present  the names in its folder
 */
export function shardSetOf(name: string, present: readonly string[]): ShardSet | null {
  if (!isShard(name)) return null
  const [, start, , total, ending] = numbered.exec(name)!
  const names = Array.from({ length: Number(total) }, (_, i) => {
    return `${start}${String(i + 1).padStart(5, '0')}-of-${total}${ending}`
  })
  const there = new Set(present)
  return { names, missing: names.filter((one) => !there.has(one)) }
}

/**
 * Returns the set to read of those in a folder: a complete one before others, full precision before variants such
 * as `.fp16.`, whose names are longer, and safetensors before PyTorch's own format; null if no file is numbered.
 */
export function preferredSet(names: readonly string[]): ShardSet | null {
  const sets = names.flatMap((name) => {
    const set = shardSetOf(name, names)
    if (set === null) return []
    const stem = name.slice(0, name.lastIndexOf('.'))
    const isSafe = name.endsWith('.safetensors')
    return [{ set, lacks: Math.sign(set.missing.length), length: stem.length, format: isSafe ? 0 : 1 }]
  })
  sets.sort((a, b) => a.lacks - b.lacks || a.length - b.length || a.format - b.format)
  return sets[0]?.set ?? null
}

/** Describes what a set lacks, as the end of a sentence about its folder. */
export function lackOf({ names, missing }: ShardSet): string {
  return `lacks ${nameSome(missing, 1)}: put all ${names.length} numbered files of these weights there`
}
