import type { StudioDocument } from '#shared/document'
import { stableJson } from '#shared/stableJson'

/** Fields that are not work in themselves: what the window shows, where things are, and what wrote the file. */
const aside: readonly string[] = ['view', 'app', 'model', 'projectResults'] satisfies (keyof StudioDocument)[]

/** Whether two documents contain the same work. */
export function sameDocument(a: StudioDocument, b: StudioDocument): boolean {
  return (Object.keys(a) as (keyof StudioDocument)[]).every(
    (key) => aside.includes(key) || a[key] === b[key] || stableJson(a[key]) === stableJson(b[key]),
  )
}
