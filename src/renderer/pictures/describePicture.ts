import type { PictureInfo } from '#shared/reports'

/** Describes a picture's file in a short line: size and format, as far as they are known. */
export function describePicture({ width, height, format, more }: PictureInfo): string {
  const size = width > 0 && height > 0 ? `${width} × ${height}` : ''
  const part = more ? `, first ${more === 'pages' ? 'page' : 'frame'}` : ''
  return [size, `${format.toUpperCase()}${part}`].filter((one) => one !== '').join(' · ')
}
