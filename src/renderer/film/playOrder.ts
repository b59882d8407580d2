import type { LoopMode } from './transport'

/** The frames of one showing in order: there, and for ping-pong back again without showing either end twice. */
export function playOrder(total: number, loop: LoopMode): number[] {
  const there = Array.from({ length: total }, (_unused, index) => index)
  return loop === 'pingPong' ? [...there, ...there.slice(1, -1).reverse()] : there
}
