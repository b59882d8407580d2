import type { PictureInfo } from './reports'

const sentences: Record<NonNullable<PictureInfo['more']>, (name: string) => string> = {
  frames: (name) => `“${name}” is animated: its first frame is used.`,
  pages: (name) => `“${name}” has several pages: its first page is used.`,
}

/** Says which part of a picture file is used; undefined if all of it is. */
export function describePartUsed({ name, more }: Pick<PictureInfo, 'name' | 'more'>): string | undefined {
  return more && sentences[more](name)
}
