/** Returns the last component of a path, whatever the operating system. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path
}
