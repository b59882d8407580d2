import { beforeEach, expect, it } from 'vitest'
import { commandRow } from '../../../../src/renderer/actions/actionRows'
import { runCommand } from '../../../../src/renderer/actions/commands'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useModelLibrary } from '../../../../src/renderer/stores/modelLibrary'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useRunningWork } from '../../../../src/renderer/stores/runningWork'
import { failure, installFakeStudio, modelInfo, pictureInfo, type Call } from '../fakeStudio'

beforeEach(() => {
  const untilCancelled = (_input: never, call: Call) =>
    call.cancelled.then(() => Promise.reject(failure('CANCELLED')))
  installFakeStudio({
    'latent.encode': untilCancelled,
    'models.pull': untilCancelled,
    'models.list': () => ({ rows: [] }),
  })
  useModel().info = modelInfo
  useLibrary().add(['a.png', 'b.png'].map(pictureInfo))
  useRunningWork()
})

const told = () => useNotices().notices.map(({ title }) => title)
const encode = () => useEncoding().enqueue(useLibrary().items)

it('is disabled while no work is running', () => {
  expect(commandRow('cancelWork').disabled).toBe(true)
  runCommand('cancelWork')
  expect(told()).toEqual([])
})

it('names and cancels the most recently started work first, then the work before it (would catch a fixed order)', () => {
  void useModelLibrary().pull('some/model')
  encode()
  expect(commandRow('cancelWork').title).toBe('Cancel encoding 2 pictures')
  runCommand('cancelWork')
  expect(useEncoding().current?.state).toBe('stopping')
  expect(commandRow('cancelWork').title).toBe('Cancel downloading some/model')
  runCommand('cancelWork')
  expect(useModelLibrary().running).toEqual([])
  expect(told()).toEqual(['Encoding cancelled', 'Download of some/model cancelled'])
})

it('names a download first when it was started after encoding', () => {
  encode()
  void useModelLibrary().pull('some/model')
  expect(commandRow('cancelWork').title).toBe('Cancel downloading some/model')
})

it('cannot cancel work twice: work finishing its last step no longer counts as running', () => {
  encode()
  runCommand('cancelWork')
  expect(commandRow('cancelWork').disabled).toBe(true)
})

it('restarts work that was cancelled by mistake', async () => {
  encode()
  runCommand('cancelWork')
  await expect.poll(() => useEncoding().queue).toEqual([])
  useNotices().notices[0].action!.run()
  expect(useEncoding().queue).toHaveLength(2)
  expect(commandRow('cancelWork').title).toBe('Cancel encoding 2 pictures')
})
