import type { StudioDocument } from '#shared/document'
import { stableJson } from './stableJson'

/** Parts that say where the work is and what wrote it: no work of their own. */
const aside: readonly string[] = ['view', 'app', 'model', 'projectResults'] satisfies (keyof StudioDocument)[]

/** Whether nothing of the work differs between two documents. */
export function sameDocument(a: StudioDocument, b: StudioDocument): boolean {
  return (Object.keys(a) as (keyof StudioDocument)[]).every(
    (key) => aside.includes(key) || a[key] === b[key] || stableJson(a[key]) === stableJson(b[key]),
  )
}
