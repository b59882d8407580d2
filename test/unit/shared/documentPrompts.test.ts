import { describe, expect, it } from 'vitest'
import { emptyDocument, type StudioDocument } from '#shared/document'
import { planOf } from '#shared/documentLatents'
import { readDocument, writeDocument } from '#shared/readDocument'

const info = { path: '/a.png', name: 'a.png', sha256: '', width: 1, height: 1, format: 'png', bytes: 1 }

/** A picture, a seed and a mix of both, each at a stop; the stops have these prompts. */
function documentOf(own: string | undefined, asked: (string | undefined)[]): StudioDocument {
  const empty = emptyDocument()
  return {
    ...empty,
    pictures: [{ id: 'a', name: 'A', info, fit: { mode: 'cover' }, restandardise: false, prompt: own }],
    latents: [
      { id: 's', name: 'S', kind: 'seed', seed: 7, prompt: own },
      { id: 'm', name: 'M', kind: 'mix', parts: [{ source: 'a', weight: 1 }] },
    ],
    timeline: {
      ...empty.timeline,
      stops: ['a', 's', 'm'].map((source, at) => ({ id: source, source, prompt: asked[at] })),
      segments: [1, 2].map((frames) => ({ frames, easing: 'linear', interpolation: 'slerp' })),
    },
  }
}

function latentsOf(document: StudioDocument, takesPrompts?: boolean) {
  const plan = planOf({ ...document, takesPrompts })
  return plan?.kind === 'path' ? plan.stops : []
}

describe('the prompts of stops', () => {
  it('are by default those of their items, with which pictures are encoded (would catch a picture that is not restored)', () => {
    const [picture, seed, mix] = latentsOf(documentOf('a house', []))
    expect(picture).toMatchObject({ prompt: 'a house' })
    expect(picture).not.toHaveProperty('sourcePrompt')
    expect(seed).toMatchObject({ prompt: 'a house' })
    expect(mix).toMatchObject({ parts: [{ latent: { prompt: 'a house' } }] })
  })

  it('apply to decoding, while a picture is encoded with its own (would catch one encoded with the prompt of its stop)', () => {
    const [picture, , mix] = latentsOf(documentOf('a house', ['a castle', undefined, 'a hut']))
    expect(picture).toMatchObject({ prompt: 'a castle', sourcePrompt: 'a house' })
    expect(mix).toMatchObject({ parts: [{ latent: { prompt: 'a hut', sourcePrompt: 'a house' } }] })
    const [unnamed] = latentsOf(documentOf(undefined, ['a castle']))
    expect(unnamed).toMatchObject({ prompt: 'a castle', sourcePrompt: '' })
  })

  it('are left out for a model that takes none (would catch a film that the engine refuses after a change of model)', () => {
    const latents = latentsOf(documentOf('a house', ['a castle', 'the sea', 'a hut']), false)
    expect(latents).toHaveLength(3)
    expect(JSON.stringify(latents)).not.toMatch(/house|castle|sea|hut/)
  })

  it('are saved in the document', () => {
    const document = documentOf('a house', ['a castle'])
    const read = readDocument(JSON.parse(JSON.stringify(writeDocument(document)))).document
    expect(read.pictures[0].prompt).toBe('a house')
    expect(read.timeline.stops[0].prompt).toBe('a castle')
  })
})
