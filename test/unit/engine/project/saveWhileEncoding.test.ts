import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createEngineHandlers } from '#engine/handlers'
import { withArchive } from '#engine/project/archive'
import { ContentCache } from '#files/ContentCache'
import { engineRoutes } from '#shared/contract'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { quietContext } from '../../../fixtures/job'
import { filmOf, model, samplePath, settings } from '../../../fixtures/projects'

const path = samplePath('apple-golden')
const textModel = { ...model, path: 'test/golden/fixtures/text/sd1' }
type Handlers = ReturnType<typeof createEngineHandlers>
type Named = typeof model

/** An engine whose evaluations never end, and a promise that one has begun. */
function neverEnding(disk?: ContentCache) {
  let begin = (): void => undefined
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const run = () => {
    begin()
    return new Promise<never>(() => undefined)
  }
  const openGraph = async () => ({ inputNames: [], run, close: async () => undefined })
  return { handlers: createEngineHandlers({ openGraph, disk }), begun }
}

function encode(handlers: Handlers, named: Named) {
  const request = { model: named, picture: { path }, encode: settings, decode: settings }
  return handlers['latent.encode'](engineRoutes['latent.encode'].input.parse(request), quietContext)
}

async function save(handlers: Handlers, named: Named, document = filmOf([path])) {
  const target = join(emptyFolder(), 'film.slerp')
  const write = engineRoutes['project.write'].input.parse({ document, model: named, path: target })
  expect(await handlers['project.write'](write, quietContext)).toMatchObject({ path: target, leftOut: [] })
  return target
}

it.each([
  ['a picture', model],
  ['a prompt', textModel],
])(
  'saves at once while %s is being encoded (would catch a save that waits for the encoding)',
  async (_, named) => {
    const { handlers, begun } = neverEnding()
    void encode(handlers, named)
    await begun
    await save(handlers, named)
  },
  20_000,
)

it('saves the results of prompts that are not in memory (would catch a project that loses them after a restart)', async () => {
  const disk = new ContentCache(join(emptyFolder(), 'results'))
  await encode(createEngineHandlers({ disk }), textModel)
  const saved = await save(neverEnding(disk).handlers, textModel)
  const names = await withArchive(saved, async ({ parts }) => Object.keys(parts))
  // The latent and its reconstruction.
  expect(names.filter((name) => name.startsWith('latents/'))).toHaveLength(2)
}, 20_000)
