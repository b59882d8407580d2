/**
 * Moves overlapping labels apart as little as needed, keeping their order.
 *
 * @param wanted  the desired centre of each label in pixels, in any order
 * @param height  height of one label in pixels
 * @param room  first and last pixel; labels that do not all fit are squeezed evenly into it
 * @returns the centre of each label, in the order of `wanted`
 */
export function spreadLabels(
  wanted: readonly number[],
  height: number,
  room: readonly [number, number],
): number[] {
  const [top, bottom] = [room[0] + height / 2, room[1] - height / 2]
  const gap = wanted.length > 1 ? Math.min(height, Math.max(0, bottom - top) / (wanted.length - 1)) : height
  const order = wanted.map((_place, index) => index).sort((a, b) => wanted[a] - wanted[b])
  const places = [...wanted]
  let least = top
  for (const index of order) {
    places[index] = Math.max(places[index], least)
    least = places[index] + gap
  }
  let most = bottom
  for (const index of order.toReversed()) {
    places[index] = Math.min(places[index], most)
    most = places[index] - gap
  }
  return places
}
