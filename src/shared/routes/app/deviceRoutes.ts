import { z } from 'zod'
import type { DeviceReport } from '../../devices'
import { route } from '../route'

/** The devices that this machine can compute on. */
export const deviceRoutes = {
  /** Probes again what this machine can compute on: up to a minute per device. */
  'device.check': route<DeviceReport[]>()(z.object({})),
  /** Downloads the CUDA provider into the user's data folder, and probes every device again. */
  'device.setUpCuda': route<DeviceReport[]>()(z.object({})),
} as const
