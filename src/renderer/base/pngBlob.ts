/** PNG bytes as a blob. Bytes that crossed a process border never lie in shared memory, which a blob would refuse. */
export function pngBlob(bytes: Uint8Array): Blob {
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/png' })
}
