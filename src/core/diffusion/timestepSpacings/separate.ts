/** Moves rounded timesteps apart where they fell together, between `clean`, which is left out, and the last. */
export function separate(timesteps: readonly number[], clean: number): number[] {
  const end = timesteps[timesteps.length - 1]
  let previous = clean
  return timesteps.map((timestep, index) => {
    const latest = end - (timesteps.length - 1 - index)
    return (previous = Math.max(previous + 1, Math.min(timestep, latest)))
  })
}
