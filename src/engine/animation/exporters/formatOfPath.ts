import { extname } from 'node:path'
import { StudioError } from '#shared/errors'
import type { ExportFormat } from '#shared/settings'

/** The ending of a format's file; a folder of pictures has none. */
const formats: Readonly<Record<string, ExportFormat>> = {
  '': 'png',
  '.png': 'sheet',
  '.gif': 'gif',
  '.webp': 'webp',
  '.apng': 'apng',
  '.mp4': 'mp4',
  '.webm': 'webm',
}

/**
 * The format that an output's name asks for: a name without an ending, or one that ends in a slash, is a folder of
 * numbered pictures.
 *
 * @throws StudioError BAD_INPUT for another ending
 */
export function formatOfPath(path: string): ExportFormat {
  const ending = /[/\\]$/.test(path) ? '' : extname(path).toLowerCase()
  const format = formats[ending]
  if (format) return format
  throw new StudioError(
    'BAD_INPUT',
    `Cannot tell a format from "${path}": end it in .gif, .webp, .apng, .mp4, .webm, or .png for a contact sheet; ` +
      'a name without an ending becomes a folder of PNG pictures.',
    { path },
  )
}
