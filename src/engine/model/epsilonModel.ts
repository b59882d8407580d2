import type { Tensor } from '#core/diffusion/tensor'

/**
 * A network that predicts the noise in a batch. Nothing above this interface knows whether it is onnxruntime, a
 * closed-form score or a remote server; whatever the network itself predicts, `predict` answers in epsilon.
 */
export interface EpsilonModel {
  /** One item: [C, H, W]. */
  readonly shape: readonly [number, number, number]
  /**
   * epsilon_theta(x_t, t) for a whole batch at one timestep.
   *
   * @param x  [N, C, H, W]
   * @param timestep  0 … T-1
   * @param out  written and returned when given: saves an allocation a step; never x itself
   */
  predict(x: Tensor, timestep: number, out?: Tensor): Promise<Tensor>
}
