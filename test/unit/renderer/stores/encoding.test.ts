import { beforeEach, describe, expect, it, vi } from 'vitest'
import { watch } from 'vue'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useMissing } from '../../../../src/renderer/stores/missing'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { useThumbnails } from '../../../../src/renderer/stores/thumbnails'
import { failure, installFakeStudio, modelInfo, pictureInfo, type Call } from '../fakeStudio'

let pending: { call: Call; resolve: (report: unknown) => void; reject: (error: unknown) => void }[]
/** Whether the engine ends its step at once when told to stop. */
let stopsAtOnce: boolean
let encoding: ReturnType<typeof useEncoding>
let library: ReturnType<typeof useLibrary>

beforeEach(() => {
  vi.useFakeTimers()
  pending = []
  stopsAtOnce = true
  installFakeStudio({
    'picture.preview': ({ picture }: { picture: { path: string } }) => {
      if (picture.path.endsWith('b.png')) throw failure('BAD_PICTURE', '"b.png" is damaged.')
      return new Uint8Array()
    },
    'latent.encode': (_input, call) =>
      new Promise((resolve, reject) => {
        pending.push({ call, resolve, reject })
        void call.cancelled.then(() => stopsAtOnce && reject(failure('CANCELLED')))
      }),
  })
  useModel().info = modelInfo
  library = useLibrary()
  encoding = useEncoding()
  library.add(['a.png', 'b.png', 'c.png'].map(pictureInfo))
})

const report = { fidelity: { psnr: 40, mse: 1e-4, ssim: 1 } }
const settle = () => vi.advanceTimersByTimeAsync(0)
const paths = () => pending.map(({ call }) => (call.input as { picture: { path: string } }).picture.path)

describe('encoding', () => {
  it('encodes one picture after the other, never two at once', async () => {
    encoding.enqueue(library.pictures)
    await settle()
    expect(paths()).toEqual(['/pictures/a.png'])
    pending[0].resolve(report)
    await settle()
    expect(paths()).toEqual(['/pictures/a.png', '/pictures/b.png'])
    expect(encoding.reportOf(library.pictures[0])).toEqual(report)
  })

  it('does not encode a picture twice with the same settings, but does with new settings', async () => {
    encoding.enqueue([library.pictures[0]])
    await settle()
    pending[0].resolve(report)
    await settle()
    encoding.enqueue([library.pictures[0]])
    await settle()
    expect(pending.length).toBe(1)
    const settings = useSettings()
    settings.encode = { ...settings.encode, steps: 7 }
    expect(encoding.reportOf(library.pictures[0])).toBeNull()
    encoding.enqueue([library.pictures[0]])
    await settle()
    expect(pending.length).toBe(2)
  })

  it('skips a picture that cannot be read, says why, and retries when asked', async () => {
    for (const picture of library.pictures)
      await useThumbnails()
        .thumbnailOf(picture)
        .catch(() => undefined)
    expect(encoding.stateOf(library.pictures[1])).toMatchObject({
      kind: 'failed',
      failure: { message: '"b.png" is damaged.' },
    })
    expect(library.pictures.map(encoding.isMissing)).toEqual([true, false, true])
    encoding.enqueue(library.pictures)
    expect(encoding.queue.map(({ itemId }) => itemId)).not.toContain(library.pictures[1].id)
    encoding.enqueue([library.pictures[1]], { retry: true })
    expect(encoding.queue.map(({ itemId }) => itemId)).toContain(library.pictures[1].id)
  })

  it('continues with the next picture when one fails, says why, and keeps the failure until asked to retry', async () => {
    encoding.enqueue(library.pictures.slice(0, 2))
    await settle()
    pending[0].reject(failure('BAD_PICTURE', 'It is damaged.'))
    await settle()
    expect(encoding.stateOf(library.pictures[0])).toMatchObject({ failure: { message: 'It is damaged.' } })
    expect(useNotices().notices[0].detail).toBe('It is damaged.')
    expect(paths().at(-1)).toBe('/pictures/b.png')
    encoding.enqueue([library.pictures[0]])
    expect(encoding.queue.length).toBe(1)
    encoding.enqueue([library.pictures[0]], { retry: true })
    expect(encoding.queue.length).toBe(2)
  })

  it('cancels the running picture without a message, and continues with the next', async () => {
    encoding.enqueue(library.pictures.slice(0, 2))
    await settle()
    encoding.cancel(library.pictures[0].id)
    await settle()
    expect(useNotices().notices).toEqual([])
    expect(encoding.current?.itemId).toBe(library.pictures[1].id)
  })

  it('abandons an outdated run at once when its picture is requested with new settings', async () => {
    encoding.enqueue([library.pictures[0]])
    await settle()
    const settings = useSettings()
    settings.encode = { ...settings.encode, steps: 9 }
    encoding.enqueue([library.pictures[0]], { first: true })
    await settle()
    expect(pending.length).toBe(2)
    expect((pending[1].call.input as { encode: { steps: number } }).encode.steps).toBe(9)
  })

  it('abandons an outdated run whose picture is ready under today’s settings (would catch a wait for a latent that nobody wants)', async () => {
    const [a, , c] = library.pictures
    const settings = useSettings()
    const { encode } = settings
    encoding.enqueue([a])
    await settle()
    pending[0].resolve(report)
    await settle()
    settings.encode = { ...encode, steps: 7 }
    encoding.enqueue([a])
    encoding.enqueue([c])
    await settle()
    settings.encode = encode
    encoding.enqueue(encoding.outdated)
    await settle()
    expect(encoding.isReady(a)).toBe(true)
    expect(paths()).toEqual(['/pictures/a.png', '/pictures/a.png', '/pictures/c.png'])
    expect(encoding.current?.itemId).toBe(c.id)
    // Not as if the user had cancelled it.
    expect(encoding.endings).toEqual([])
  })

  it('restarts a cancelled picture when its settings change back before the engine has finished its step', async () => {
    stopsAtOnce = false
    encoding.enqueue([library.pictures[0]])
    await settle()
    const settings = useSettings()
    const { encode } = settings
    settings.encode = { ...encode, steps: 9 }
    encoding.enqueue([library.pictures[0]])
    settings.encode = encode
    encoding.enqueue([library.pictures[0]])
    await settle()
    expect(pending.length).toBe(1)
    pending[0].reject(failure('CANCELLED'))
    await settle()
    expect(pending.length).toBe(2)
    pending[1].resolve(report)
    await settle()
    expect(encoding.reportOf(library.pictures[0])).toEqual(report)
    expect(encoding.queue).toEqual([])
  })

  it('shows a cancelled picture as not encoded while the engine finishes its step', async () => {
    stopsAtOnce = false
    encoding.enqueue([library.pictures[0]])
    await settle()
    encoding.cancelAll()
    expect(encoding.stateOf(library.pictures[0]).kind).toBe('notEncoded')
    expect(encoding.current).not.toBeNull()
  })

  it('keeps the reports of a large library, and drops the reports of earlier settings', async () => {
    const pictures = library.add(Array.from({ length: 420 }, (_unused, at) => pictureInfo(`${at}.png`)))
    const settings = useSettings()
    const { encode } = settings
    async function encodeAll(): Promise<void> {
      encoding.enqueue(pictures)
      while (encoding.current) {
        await settle()
        pending.at(-1)!.resolve(report)
        await settle()
      }
    }
    await encodeAll()
    expect(pictures.filter(encoding.isMissing)).toEqual([])
    settings.encode = { ...encode, steps: 9 }
    await encodeAll()
    expect(pictures.filter(encoding.isMissing)).toEqual([])
    settings.encode = encode
    expect(pictures.filter(encoding.isMissing)).toHaveLength(420)
  })

  it('forgets a waiting picture that was removed from the library', async () => {
    encoding.enqueue(library.pictures)
    await settle()
    library.remove([library.pictures[1].id])
    pending[0].resolve(report)
    await settle()
    expect(paths()).toEqual(['/pictures/a.png', '/pictures/c.png'])
  })

  it('encodes what waits under the settings of its turn (would catch a queue that empties unencoded)', async () => {
    encoding.enqueue(library.pictures)
    await settle()
    const settings = useSettings()
    settings.encode = { ...settings.encode, steps: 9 }
    for (const at of [0, 1, 2]) {
      pending[at].resolve(report)
      await settle()
    }
    const steps = pending.map(({ call }) => (call.input as { encode: { steps: number } }).encode.steps)
    expect(steps.slice(1)).toEqual([9, 9])
    expect(library.pictures.map(encoding.isReady)).toEqual([false, true, true])
  })

  it('stops the job of a picture that was removed, or that other work replaced (would catch a wait for it)', async () => {
    encoding.enqueue(library.pictures)
    await settle()
    library.remove([library.pictures[0].id])
    await settle()
    expect(paths().at(-1)).toBe('/pictures/b.png')
    stopsAtOnce = false
    library.pictures = []
    expect(encoding.queue.map(({ state }) => state)).toEqual(['stopping'])
    encoding.enqueue(library.add([pictureInfo('d.png')]))
    pending[1].reject(failure('CANCELLED'))
    await settle()
    expect(paths().at(-1)).toBe('/pictures/d.png')
    expect(useNotices().notices).toEqual([])
  })

  it('drops all that is gone in one change, and only then (would catch a time that grows with its square)', async () => {
    library.add(Array.from({ length: 50 }, (_unused, at) => pictureInfo(`${at}.png`)))
    encoding.enqueue(library.pictures)
    await settle()
    let changes = 0
    watch(
      () => encoding.queue,
      () => changes++,
      { flush: 'sync' },
    )
    library.add([pictureInfo('d.png')])
    expect(changes).toBe(0)
    library.pictures = library.pictures.slice(0, 3)
    expect([encoding.queue.length, changes]).toEqual([3, 1])
  })

  it('keeps the last live preview when a progress report brings none', async () => {
    encoding.enqueue([library.pictures[0]])
    await settle()
    const preview = new Uint8Array([1])
    pending[0].call.progress({ phase: 'encode', done: 1, total: 4, etaSeconds: null, preview })
    pending[0].call.progress({ phase: 'encode', done: 2, total: 4, etaSeconds: 3 })
    expect(encoding.current?.progress).toMatchObject({ done: 2, preview })
  })
})

describe('items whose files are missing', () => {
  const gone = () => failure('NOT_FOUND', 'There is no such file.')
  const kinds = () => library.items.map((item) => encoding.stateOf(item).kind)
  beforeEach(() => {
    library.addLatents([{ id: 'm', name: 'Mix', kind: 'mix', parts: mixOf(library.pictures.slice(1)) }])
    useMissing().paths = new Set(['/pictures/c.png'])
  })
  const mixOf = (pictures: readonly { id: string }[]) => pictures.map(({ id }) => ({ source: id, weight: 1 }))

  it('are shown as missing, with all that is made from them, and are not offered for encoding', () => {
    expect(kinds()).toEqual(['notEncoded', 'notEncoded', 'missing', 'missing'])
    expect(encoding.lostFileOf(library.latents[0])).toEqual(library.pictures[2])
    expect(library.items.filter(encoding.canEncode)).toEqual(library.pictures.slice(0, 2))
  })

  it('are tried first, because their latents may be kept, and fail without a message (would catch a message of each next to that of the project)', async () => {
    encoding.enqueue(library.pictures)
    await settle()
    expect(paths()).toEqual(['/pictures/c.png'])
    pending[0].reject(gone())
    await settle()
    expect(useNotices().log).toEqual([])
    expect(kinds()[2]).toBe('missing')
    expect(encoding.endings).toEqual([])
    expect(paths()).toEqual(['/pictures/c.png', '/pictures/a.png'])
  })

  it('are encoded if their latents are kept', async () => {
    encoding.enqueue([library.pictures[2]])
    await settle()
    pending[0].resolve(report)
    await settle()
    expect(kinds()[2]).toBe('encoded')
  })

  it('are reported if they fail for another reason, as are files that were there at the start', async () => {
    encoding.enqueue([library.pictures[2], library.pictures[0]])
    await settle()
    pending[0].reject(failure('BAD_MODEL', 'The model is damaged.'))
    await settle()
    pending[1].reject(gone())
    await settle()
    expect([kinds()[0], kinds()[2]]).toEqual(['failed', 'failed'])
    expect(encoding.endings).toEqual(['failed', 'failed'])
    expect(useNotices().log).toHaveLength(2)
  })
})
