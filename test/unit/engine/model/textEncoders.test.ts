import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import { parseClipConfig } from '#engine/model/graph/text/clip'
import type { TextEncoderSource } from '#engine/model/graph/text/textEncoderSource'
import { Turns, undisputed } from '#engine/model/network/Turns'
import { TextEncoders } from '#engine/model/text/TextEncoders'
import { emptyFolder } from '../../../fixtures/exportTarget'

/** Encoders of one channel, and a count of their evaluations, each of which waits for its turn. */
function setUp(
  turns: Turns,
  runs: () => Promise<void> = async () => undefined,
  changes: Partial<TextEncoderSource> = {},
) {
  const evaluations = { count: 0 }
  const config = parseClipConfig({ hidden_size: 1, num_attention_heads: 1 }, 'config.json')
  const run = async () => {
    evaluations.count++
    await runs()
    return { data: new Float32Array(config.max_position_embeddings).fill(0.5), shape: [1, 77] }
  }
  const encoder: TextEncoderSource = {
    config,
    tokenizer: join(emptyFolder(), 'tokenizer'),
    answer: { tokens: 'last', pooled: false },
    open: async () => ({ inputNames: [], run, close: async () => undefined }),
    inputsOf: () => ({}),
    ...changes,
  }
  const texts = new TextEncoders({
    encoders: [encoder],
    isPooled: false,
    info: { path: 'model' } as ModelInfo,
    compute: { provider: 'cpu' } as ComputeInfo,
    turns,
  })
  return { texts, evaluations }
}

const channel = [0.5, 0.5, 0.5]

it('encodes a text once for two simultaneous requests', async () => {
  const { texts, evaluations } = setUp(new Turns())
  const [first, second] = await Promise.all([texts.encode('', undisputed), texts.encode('', undisputed)])
  expect(second).toBe(first)
  expect([...first.text!.data.slice(0, 3)]).toEqual(channel)
  expect(evaluations.count).toBe(1)
})

it.each([false, true])(
  'announces its evaluation, and its end also if it fails: %s (would catch a busy engine that is killed as deaf)',
  async (fails) => {
    const happened: string[] = []
    const run = async () => {
      happened.push('evaluates')
      if (fails) throw new Error('It failed.')
    }
    const { texts } = setUp(new Turns(), run)
    const note = (what: string) => () => void happened.push(what)
    const encoded = texts.encode('', { ...undisputed, onStart: note('starts'), onOver: note('is over') })
    await (fails ? expect(encoded).rejects.toThrow() : encoded)
    expect(happened).toEqual(['starts', 'evaluates', 'is over'])
  },
)

it('encodes a text for a second request when the first is cancelled (would catch an abort shown as an internal error)', async () => {
  const turns = new Turns()
  let free = (): void => undefined
  void turns.take(() => new Promise<void>((freed) => (free = freed)), undisputed)
  const { texts, evaluations } = setUp(turns)
  const controller = new AbortController()
  const first = texts.encode('', { priority: 'encode', signal: controller.signal })
  const second = texts.encode('', undisputed)
  controller.abort()
  await expect(first).rejects.toMatchObject({ name: 'AbortError' })
  free()
  expect([...(await second).text!.data.slice(0, 3)]).toEqual(channel)
  expect(evaluations.count).toBe(1)
})

// transformers takes argmax(ids == eos_token_id), which is 0 where no token is.
it('has the end of a text at its start if the number of the end does not occur (would catch the last token)', async () => {
  const ends: number[] = []
  const { texts } = setUp(new Turns(), undefined, {
    tokenizer: resolve('test/golden/fixtures/text/tokenizer'),
    inputsOf: (_, end) => {
      ends.push(end)
      return {}
    },
  })
  await texts.encode('a', undisputed)
  expect(ends).toEqual([0])
})
