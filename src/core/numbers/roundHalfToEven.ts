/** Rounds to the nearest whole number; halves go to the even neighbour, as in IEEE 754 and NumPy. */
export function roundHalfToEven(value: number): number {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}
