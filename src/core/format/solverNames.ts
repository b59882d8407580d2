import type { SolverSettings } from '../diffusion/settings'
import { solverOf } from '../diffusion/solvers/registry'
import { timestepSpacingOf } from '../diffusion/timestepSpacings/registry'

/** Returns the display name of solver settings without the number of steps: "2M · Karras". */
export function familyName({ solver, timestepSpacing, eta }: Omit<SolverSettings, 'steps'>): string {
  const noise = eta > 0 ? ` · η ${eta}` : ''
  return `${solverOf(solver).shortName} · ${timestepSpacingOf(timestepSpacing).title}${noise}`
}

/** Returns the display name of solver settings: "2M · Karras · S 20". */
export function solverSettingsName(settings: SolverSettings): string {
  return `${familyName(settings)} · S ${settings.steps}`
}
