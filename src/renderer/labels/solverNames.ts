import type { SolverSettings } from '#core/diffusion/settings'
import { timestepSpacingOptions, solverOptions, type Explained } from './options'

/** Solver settings without the number of steps, as people say it: "2M · Karras". */
export function familyName({ solver, timestepSpacing, eta }: Omit<SolverSettings, 'steps'>): string {
  const noise = eta > 0 ? ` · η ${eta}` : ''
  return `${shortName(solverOptions, solver)} · ${shortName(timestepSpacingOptions, timestepSpacing)}${noise}`
}

/** Solver settings as people say it: "2M · Karras · S 20". */
export function solverSettingsName(settings: SolverSettings): string {
  return `${familyName(settings)} · S ${settings.steps}`
}

/** What an option is called where many stand side by side. */
export function shortName<Value>(options: readonly Explained<Value>[], value: Value): string {
  const option = options.find((one) => one.value === value)
  return option?.short ?? option?.label ?? String(value)
}
