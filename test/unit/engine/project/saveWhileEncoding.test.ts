import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createEngineHandlers } from '#engine/handlers'
import { engineRoutes } from '#shared/contract'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { quietContext } from '../../../fixtures/job'
import { filmOf, model, samplePath, settings } from '../../../fixtures/projects'

it('saves at once while a picture is being encoded (would catch a save that waits for the encoding)', async () => {
  const path = samplePath('apple-golden')
  let begin = (): void => undefined
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const run = () => {
    begin()
    return new Promise<never>(() => undefined)
  }
  const handlers = createEngineHandlers({
    openGraph: async () => ({ inputNames: [], run, close: async () => undefined }),
  })
  const encode = engineRoutes['latent.encode'].input.parse({
    model,
    picture: { path },
    encode: settings,
    decode: settings,
  })
  void handlers['latent.encode'](encode, quietContext)
  await begun
  const target = join(emptyFolder(), 'film.slerp')
  const write = engineRoutes['project.write'].input.parse({ document: filmOf([path]), model, path: target })
  expect(await handlers['project.write'](write, quietContext)).toMatchObject({ path: target, leftOut: [] })
}, 20_000)
