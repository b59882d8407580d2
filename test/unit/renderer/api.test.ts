import { reactive } from 'vue'
import { describe, expect, it } from 'vitest'
import { request } from '../../../src/renderer/base/api'
import { failure, installFakeStudio, pictureInfo } from './fakeStudio'

const progress = { phase: 'encode' as const, done: 1, total: 2, etaSeconds: null }

describe('api', () => {
  it('throws the error of a failed request with its code and message', async () => {
    installFakeStudio({ 'picture.info': () => Promise.reject(failure('BAD_PICTURE', 'It is text.')) })
    const asked = request('picture.info', { path: '/a.txt' })
    await expect(asked).rejects.toMatchObject({ code: 'BAD_PICTURE', message: 'It is text.' })
  })

  it('sends reactive values as plain objects, because a proxy cannot be cloned', async () => {
    const { calls } = installFakeStudio({ 'library.import': () => ({ pictures: [], failures: [] }) })
    const input = reactive({ paths: ['/a.png'] })
    await request('library.import', input)
    expect(calls[0].input).toEqual({ paths: ['/a.png'] })
  })

  it('sends bytes as bytes', async () => {
    const { calls } = installFakeStudio({ 'library.paste': () => pictureInfo('a.png') })
    await request('library.paste', { name: 'a.png', bytes: new Uint8Array([1, 2, 3]) })
    expect((calls[0].input as { bytes: unknown }).bytes).toEqual(new Uint8Array([1, 2, 3]))
  })

  it('receives the progress of its own request only, and stops listening at the end', async () => {
    const { listeners } = installFakeStudio({
      'picture.info': (_input, call) => {
        call.progress(progress)
        for (const listen of listeners) listen({ requestId: 'another', progress: { ...progress, done: 9 } })
        return pictureInfo('a.png')
      },
    })
    const heard: number[] = []
    await request('picture.info', { path: '/a.png' }, { onProgress: ({ done }) => heard.push(done) })
    expect(heard).toEqual([1])
    expect(listeners.size).toBe(0)
  })

  it('cancels a request when its signal is aborted, and sends none if the signal was already aborted', async () => {
    const { calls } = installFakeStudio({
      'picture.info': async (_input, call) => {
        await call.cancelled
        throw failure('CANCELLED')
      },
    })
    const controller = new AbortController()
    const asked = request('picture.info', { path: '/a.png' }, { signal: controller.signal })
    controller.abort()
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' })
    const late = request('picture.info', { path: '/a.png' }, { signal: controller.signal })
    await expect(late).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(calls.length).toBe(1)
  })
})
