import { StudioError, type ErrorCode } from '#shared/errors'

/** What was being done to a file when it failed. */
export type FileAction = 'read' | 'write'

/** The meaning of system error codes and what to do next, as the end of a sentence after the path. */
const causes: Partial<Record<string, string>> = {
  ENOENT: 'is not there: check the path.',
  ENOTDIR: 'lies below something that is not a folder: check the path.',
  EISDIR: 'is a folder: choose a file.',
  EACCES: 'is not accessible to you: change its permissions, or choose another place.',
  EPERM: 'is not accessible to you: change its permissions, or choose another place.',
  EROFS: 'lies on a read-only disk: choose another place.',
  ENOSPC: 'lies on a disk that is full: free some space, or choose another place.',
  EDQUOT: 'lies on a disk where your quota is used up: free some space, or choose another place.',
  EFBIG: 'would be larger than its disk allows: choose another place, or make it smaller.',
  ENAMETOOLONG: 'has too long a name: choose a shorter one.',
  ELOOP: 'is a symbolic link that leads back to itself: choose another path.',
  EBUSY: 'is in use by another program: close it there and try again.',
  EMFILE: 'could not be opened because too many files are open: close some and try again.',
  EIO: 'could not be reached because its disk reports an error: check the disk.',
}

/** Causes that mean something else when writing than when reading. */
const writeCauses: typeof causes = {
  ENOENT: 'lies in a folder that does not exist: create it, or choose another.',
  EEXIST: 'exists already: allow overwriting, or choose another name.',
}

/** Replaces bytes in a path that are not UTF-8, so the path no longer matches the name on disk. */
const replacement = '\uFFFD'
const unreadableName = 'has a name that is not written in UTF-8: rename it and try again.'

/** Node's code for a path with a null character, which it refuses before it asks the system. */
const impossiblePath = 'ERR_INVALID_ARG_VALUE'

function codeFor(cause: string, action: FileAction): ErrorCode {
  if (action === 'write') return cause === 'EEXIST' ? 'EXISTS' : 'UNWRITABLE'
  return cause === 'ENOENT' || cause === 'ENOTDIR' ? 'NOT_FOUND' : 'UNREADABLE'
}

/**
 * Turns a file system error into a {@link StudioError} with a sentence: NOT_FOUND or UNREADABLE for a read,
 * EXISTS or UNWRITABLE for a write, BAD_INPUT for a path that no file can have. Anything else that was thrown,
 * including a StudioError, is returned unchanged.
 *
 * @param path  what the user named, even if the failing call was about a related file
 */
export function explainFileError(thrown: unknown, path: string, action: FileAction): unknown {
  if (!(thrown instanceof Error) || thrown instanceof StudioError) return thrown
  const { code: cause, syscall } = thrown as NodeJS.ErrnoException
  if (cause === impossiblePath && path.includes('\0')) {
    return new StudioError(
      'BAD_INPUT',
      `No file is called ${JSON.stringify(path)}: it holds a null character.`,
    )
  }
  if (cause === undefined || syscall === undefined) return thrown
  if (cause === 'ENOENT' && path === '') {
    const unplaced = `Cannot ${action} a file whose location is unknown: locate it first.`
    return new StudioError(codeFor(cause, action), unplaced, { path, cause })
  }
  const sentence =
    (cause === 'ENOENT' && path.includes(replacement) && unreadableName) ||
    (action === 'write' && writeCauses[cause]) ||
    causes[cause] ||
    `failed with ${cause}: try another place.`
  return new StudioError(codeFor(cause, action), `Cannot ${action} "${path}": it ${sentence}`, {
    path,
    cause,
  })
}

/** Runs an operation on files, and turns its errors into those of {@link explainFileError} for `path`. */
export async function explained<T>(
  path: string,
  action: FileAction,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    throw explainFileError(error, path, action)
  }
}
