import type { EngineServices } from '../job/services'

/**
 * The engine's services with every network evaluation counted, once a picture in its batch: progress of work that is
 * spread over many calls.
 */
export function countedServices(
  services: EngineServices,
  onEvaluations: (pictures: number) => void,
): EngineServices {
  return {
    ...services,
    predictor(...request) {
      const predictEpsilon = services.predictor(...request)
      return async (x, timestep, out) => {
        const epsilon = await predictEpsilon(x, timestep, out)
        onEvaluations(x.shape[0])
        return epsilon
      }
    },
  }
}
