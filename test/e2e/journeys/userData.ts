import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Preferences } from '#shared/app'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import type { Segment } from '#core/timeline/path'
import type { FitSettings } from '#shared/pictureSource'
import { decodeSettings, encodeSettings } from '#shared/settings'
import { goldenRoot } from '../../fixtures/modelCopy'

/** A complete diffusers folder of 16 x 16 pixels with untrained weights: fast, but otherwise realistic. */
export const tinyModel = join(goldenRoot, 'one-layer')

/** Work as version 0.1 saved it, which today's app reads and migrates. */
interface Session {
  pictures: { path: string; name: string; fit: FitSettings; restandardise: boolean }[]
  stops: number[]
  segments: Segment[]
  encode: EncodeSettings
  decode: DecodeSettings
  fps: number
  repeat: string
}

/** What an app finds at startup, left by an earlier run. */
export interface Kept {
  preferences?: Partial<Preferences>
  session?: Partial<Session>
}

/** Creates a user data folder in `folder` and returns its path. What is omitted is as on a first start. */
export async function prepareUserData(folder: string, { preferences, session }: Kept): Promise<string> {
  const path = join(folder, 'prepared-user-data')
  await mkdir(path)
  if (preferences) await writeFile(join(path, 'preferences.json'), JSON.stringify(preferences))
  if (session) await writeFile(join(path, 'session.json'), JSON.stringify({ ...emptySession, ...session }))
  return path
}

const emptySession: Session = {
  pictures: [],
  stops: [],
  segments: [],
  encode: encodeSettings.parse({}),
  decode: decodeSettings.parse({}),
  fps: 20,
  repeat: 'once',
}

/** The folder of the sample pictures. */
export const samples = join(import.meta.dirname, '../../../resources/samples')

/** Two sample pictures on the timeline, `frames` frames apart. */
export function twoSamples(frames: number, settings: Partial<Session> = {}): Partial<Session> {
  return {
    pictures: ['apple-golden', 'tomato-heart'].map((name) => ({
      path: join(samples, `${name}.webp`),
      name,
      fit: { mode: 'cover' },
      restandardise: false,
    })),
    stops: [0, 1],
    segments: [{ frames, easing: 'linear', interpolation: 'slerp' }],
    ...settings,
  }
}
