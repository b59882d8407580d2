import { win32 } from 'node:path'

/** The beginning of a network path on Windows. The device namespaces lead to the network too. */
const startOfShare = /^[\\/](?:[\\/]|\?\?)/
/** The long form of a path that otherwise begins with two backslashes. */
const longForm = /^[\\/](?:[\\/][?.]|\?\?)[\\/]UNC[\\/]/i

/** Returns the server and share, or the device, that a path of Windows names; null for one on a drive. */
export function shareOf(path: string): string | null {
  const plain = path.replace(longForm, '\\\\')
  return startOfShare.test(plain) ? win32.parse(win32.normalize(plain)).root.toLowerCase() : null
}
