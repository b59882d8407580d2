/** Indices of the frames as shown; ping-pong runs back without showing either end twice. */
export function playOrder(count: number, pingPong: boolean): number[] {
  const forth = Array.from({ length: count }, (_, i) => i)
  return pingPong ? [...forth, ...forth.slice(1, -1).reverse()] : forth
}
