/** Moves coinciding rounded timesteps apart, between `clean`, which is excluded, and the last one. */
export function separate(timesteps: readonly number[], clean: number): number[] {
  const end = timesteps[timesteps.length - 1]
  let previous = clean
  return timesteps.map((timestep, index) => {
    const latest = end - (timesteps.length - 1 - index)
    return (previous = Math.max(previous + 1, Math.min(timestep, latest)))
  })
}
