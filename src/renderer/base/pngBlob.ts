/** Wraps PNG bytes in a blob. Bytes from another process are never in shared memory, which a blob rejects. */
export function pngBlob(bytes: Uint8Array): Blob {
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/png' })
}
