import type { ElectronApplication } from '@playwright/test'

/** Process id of the app's engine, or undefined if none is running. */
export function enginePid(app: ElectronApplication): Promise<number | undefined> {
  return app.evaluate(
    ({ app: electronApp }) =>
      electronApp
        .getAppMetrics()
        .find(({ serviceName, name }) => [serviceName, name].includes('slerp-engine'))?.pid,
  )
}

/** Kills the engine as the system does when memory runs out. */
export async function killEngine(app: ElectronApplication): Promise<number> {
  const pid = await enginePid(app)
  if (pid === undefined) throw new Error('There is no engine to kill.')
  process.kill(pid, 'SIGKILL')
  return pid
}
