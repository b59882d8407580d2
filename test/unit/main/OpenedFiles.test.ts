import { expect, it } from 'vitest'
import { filesInArguments, OpenedFiles } from '../../../src/main/OpenedFiles'

const here = import.meta.dirname
const file = import.meta.filename

it('finds the files among the arguments after the program, skipping switches and missing files', () => {
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

it('resolves a relative path against the folder in which the command was given', () => {
  expect(filesInArguments(['/app', 'OpenedFiles.test.ts'], '/app', here)).toEqual([file])
})

it('holds files back until there is a receiver, then passes further files on at once', () => {
  const opened = new OpenedFiles()
  const taken: string[][] = []
  opened.add(['early'])
  opened.deliverTo((paths) => taken.push(paths))
  opened.add(['late'])
  opened.add([])
  expect(taken).toEqual([['early'], ['late']])
})

it('holds files back again while the page reloads, and loses none', () => {
  const opened = new OpenedFiles()
  const taken: string[][] = []
  opened.deliverTo((paths) => taken.push(paths))
  opened.hold()
  opened.add(['meanwhile'])
  expect(taken).toEqual([])
  opened.deliverTo((paths) => taken.push(paths))
  expect(taken).toEqual([['meanwhile']])
})
