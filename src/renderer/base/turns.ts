/**
 * Returns a function that runs tasks with equal keys one after the other: each begins once those before it have
 * ended, whether or not they failed.
 */
export function createTurns(): <Answer>(key: string, task: () => Promise<Answer>) => Promise<Answer> {
  const last = new Map<string, Promise<unknown>>()
  return (key, task) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(task)
    const ended = turn
      .catch(() => undefined)
      .finally(() => {
        if (last.get(key) === ended) last.delete(key)
      })
    last.set(key, ended)
    return turn
  }
}
