import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { clearDragged } from '../../../../src/main/ipc/draggedPictures'
import { shellHandlers } from '../../../../src/main/ipc/shellHandlers'

const context = { requestId: 'id', signal: new AbortController().signal }

let draggedFolder: string
let dragged: string[]
let drag: (byte: number) => Promise<unknown>
beforeEach(async () => {
  draggedFolder = await mkdtemp(join(tmpdir(), 'dragged-'))
  dragged = []
  const handlers = shellHandlers({
    shell: {} as never,
    clipboard: {} as never,
    openImage: () => ({ isEmpty: () => false, resize: () => ({}) }) as never,
    webContents: { startDrag: ({ file }) => dragged.push(file!) },
    log: '',
    draggedFolder,
  })
  drag = (byte) => handlers['shell.dragPicture']({ png: new Uint8Array([byte]), name: 'Frame 7' }, context)
})
afterEach(() => rm(draggedFolder, { recursive: true, force: true }))

it('leaves the file of an earlier drag as it was (would catch a picture that its receiver can no longer read)', async () => {
  await drag(1)
  await drag(2)
  expect(dragged.map((file) => basename(file))).toEqual(['Frame 7.png', 'Frame 7.png'])
  expect(await Promise.all(dragged.map(async (file) => [...(await readFile(file))]))).toEqual([[1], [2]])
})

it('deletes dragged pictures at the next start, but not what earlier versions left directly in the folder', async () => {
  await writeFile(join(draggedFolder, 'Frame 3.png'), '')
  await drag(1)
  await clearDragged(draggedFolder)
  expect(await readdir(draggedFolder)).toEqual(['Frame 3.png'])
  expect(existsSync(dragged[0])).toBe(false)
})

it('has nothing to delete before the first drag', async () => {
  await rm(draggedFolder, { recursive: true })
  await expect(clearDragged(draggedFolder)).resolves.toBeUndefined()
})
