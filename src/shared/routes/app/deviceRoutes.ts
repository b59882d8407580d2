import { z } from 'zod'
import type { DeviceReport } from '../../devices'
import { route } from '../route'

/** What this machine can compute on. */
export const deviceRoutes = {
  /** Checks what this machine can compute on, anew: up to a minute a device. */
  'device.check': route<DeviceReport[]>()(z.object({})),
  /** Downloads the CUDA provider into the person's own folder, and checks every device anew. */
  'device.setUpCuda': route<DeviceReport[]>()(z.object({})),
} as const
