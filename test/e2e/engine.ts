import type { ElectronApplication } from '@playwright/test'

/** Process id of the app's engine, or undefined when none runs. */
export function enginePid(app: ElectronApplication): Promise<number | undefined> {
  return app.evaluate(
    ({ app: electronApp }) =>
      electronApp
        .getAppMetrics()
        .find(({ serviceName, name }) => [serviceName, name].includes('slerp-engine'))?.pid,
  )
}

/** Ends the engine as the system would when memory runs out. */
export async function killEngine(app: ElectronApplication): Promise<number> {
  const pid = await enginePid(app)
  if (pid === undefined) throw new Error('There is no engine to kill.')
  process.kill(pid, 'SIGKILL')
  return pid
}
