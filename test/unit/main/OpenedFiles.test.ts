import { expect, it } from 'vitest'
import { filesInArguments, OpenedFiles } from '../../../src/main/OpenedFiles'

const here = import.meta.dirname
const file = import.meta.filename

it('finds the files after the program and leaves switches and what is not there', () => {
  const argv = [
    'electron',
    '--inspect=0',
    '-r',
    file,
    '.',
    '--user-data-dir=/x',
    'OpenedFiles.test.ts',
    'gone.png',
  ]
  expect(filesInArguments(argv, here, here)).toEqual([file])
})

it('finds a relative path below the folder the command was given in', () => {
  expect(filesInArguments(['/app', 'OpenedFiles.test.ts'], '/app', here)).toEqual([file])
})

it('holds files back until someone takes them, then passes them on at once', () => {
  const opened = new OpenedFiles()
  const taken: string[][] = []
  opened.add(['early'])
  opened.deliverTo((paths) => taken.push(paths))
  opened.add(['late'])
  opened.add([])
  expect(taken).toEqual([['early'], ['late']])
})

it('holds back again while the page loads anew, and loses nothing', () => {
  const opened = new OpenedFiles()
  const taken: string[][] = []
  opened.deliverTo((paths) => taken.push(paths))
  opened.hold()
  opened.add(['meanwhile'])
  expect(taken).toEqual([])
  opened.deliverTo((paths) => taken.push(paths))
  expect(taken).toEqual([['meanwhile']])
})
