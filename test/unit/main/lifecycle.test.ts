import { EventEmitter } from 'node:events'
import { beforeEach, expect, it, vi } from 'vitest'

const electron = vi.hoisted(() => ({ app: {} as EventEmitter, dialog: {} }))
vi.mock('electron', () => electron)

const { bringToFrontOnSecondStart, takeOpenedFiles } = await import('../../../src/main/lifecycle')
const { OpenedFiles } = await import('../../../src/main/OpenedFiles')

beforeEach(() => {
  electron.app = Object.assign(new EventEmitter(), { isPackaged: true })
  process.argv = ['/opt/slerp-studio/slerp-studio', '/films/a.slerp']
})

const startAgain = (data: unknown) => electron.app.emit('second-instance', {}, [], '/', data)

function delivered(opened: InstanceType<typeof OpenedFiles>): string[] {
  const paths: string[] = []
  opened.deliverTo((some) => paths.push(...some))
  return paths
}

it('keeps the files of a second start that comes before there is a window (would catch a double click that is lost while a question is open)', () => {
  const opened = new OpenedFiles()
  takeOpenedFiles(opened)
  startAgain({ paths: ['/films/b.slerp'] })
  expect(delivered(opened)).toEqual(['/films/a.slerp', '/films/b.slerp'])
})

it('takes nothing from a second start that hands over something else', () => {
  const opened = new OpenedFiles()
  takeOpenedFiles(opened)
  startAgain({ paths: [7] })
  startAgain(undefined)
  expect(delivered(opened)).toEqual(['/films/a.slerp'])
})

it('shows the window at a second start, once there is one', () => {
  const window = { isMinimized: () => true, restore: vi.fn(), focus: vi.fn() }
  bringToFrontOnSecondStart(window as never)
  startAgain({ paths: [] })
  expect(window.restore).toHaveBeenCalledOnce()
  expect(window.focus).toHaveBeenCalledOnce()
})
