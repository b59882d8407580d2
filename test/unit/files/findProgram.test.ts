import { expect, it } from 'vitest'
import { findProgram } from '#files/findProgram'

/** A Windows computer with these files. */
const windows = (path: string, ...files: string[]) => ({
  platform: 'win32' as const,
  path,
  isThere: (file: string) => files.includes(file),
})

it.each([
  ['C:\\Windows;C:\\tools', 'C:\\tools\\ffmpeg.exe'],
  ['C:\\Windows;"C:\\Program Files\\ffmpeg"', 'C:\\Program Files\\ffmpeg\\ffmpeg.exe'],
])('is found on Windows on the PATH %s', (path, file) => {
  expect(findProgram('ffmpeg', windows(path, 'ffmpeg.exe', '.\\ffmpeg.exe', file))).toBe(file)
})

it.each(['C:\\Windows', '.;C:\\Windows', '', ';bin;'])(
  'in the current folder is not taken on Windows with the PATH “%s” (would catch a program beside a downloaded project that is started)',
  (path) => {
    const here = ['ffmpeg.exe', '.\\ffmpeg.exe', 'bin\\ffmpeg.exe', '\\ffmpeg.exe']
    expect(findProgram('ffmpeg', windows(path, ...here))).toBeNull()
  },
)

it.each(['linux', 'darwin'] as const)(
  'is left to the system on %s, which looks on PATH alone',
  (platform) => {
    expect(findProgram('ffmpeg', { platform })).toBe('ffmpeg')
  },
)
