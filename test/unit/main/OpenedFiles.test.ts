import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { filesInArguments, OpenedFiles } from '../../../src/main/OpenedFiles'

const here = import.meta.dirname
const file = import.meta.filename

it('finds the files among the arguments after the program, skipping switches', () => {
  const argv = ['electron', '--inspect=0', '-r', file, '.', '--user-data-dir=/x', '', 'OpenedFiles.test.ts']
  expect(filesInArguments(argv, here, here)).toEqual([file])
})

it('passes on a file that does not exist (would catch a misspelt name that nothing is said about)', () => {
  expect(filesInArguments(['/app', 'flim.slerp'], '/app', '/films')).toEqual([resolve('/films/flim.slerp')])
})

it('takes no argument for a file if the program is not among them (would catch an import of Electron itself)', () => {
  expect(filesInArguments(['/usr/bin/electron', 'out/main/index.js'], '/app', here)).toEqual([])
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
