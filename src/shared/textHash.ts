/**
 * Returns a short name for a text, the same on every computer: 64 bits, by two FNV-1a hashes of 32 bits that begin
 * differently. It tells apart what changes by accident, and is no protection against anybody.
 */
export function textHash(text: string): string {
  return [0x811c9dc5, 0x9747b28c].map((start) => fnv(text, start).toString(16).padStart(8, '0')).join('')
}

function fnv(text: string, start: number): number {
  let hash = start
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
