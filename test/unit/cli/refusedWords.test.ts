import { expect, it } from 'vitest'
import { cropRectangle, numberPair } from '../../../src/cli/parsers'
import { runCommand } from '../../fixtures/commandLine'

const seeds = (count: number): string[] => Array.from({ length: count }, (_unused, at) => `seed:${at}`)

/** Words that a schema would refuse later, in words for programmers: "input: Too small: expected string". */
it.each<[string, string[], RegExp]>([
  [
    'an empty stop after --plus',
    ['direction', 'seed:1', '--plus', '', '--minus', 'seed:2'],
    /--plus.*Give a path/,
  ],
  [
    'an empty stop after --minus',
    ['direction', 'seed:1', '--plus', 'seed:2', '--minus', ''],
    /--minus.*Give a path/,
  ],
  ['an empty stop after --of', ['direction', 'seed:1', '--of', 'seed:2', ''], /--of.*Give a path/],
  [
    '65 stops after --of',
    ['direction', 'seed:1', '--of', ...seeds(65)],
    /--of names 65 latents: name at most 64/,
  ],
  [
    'a mix of 65 parts',
    ['morph', `mix:${seeds(65).join(',')}`, 'seed:2'],
    /names 65 latents: name at most 64/,
  ],
  ['a weight below -100', ['morph', 'mix:-200*seed:1', 'seed:2'], /the weight -200:.*from -100 to 100/],
  [
    'a weight above 100',
    ['morph', 'mix:seed:3,100.5*seed:1', 'seed:2'],
    /the weight 100\.5:.*from -100 to 100/,
  ],
  [
    'even timing of holds',
    ['morph', 'seed:1', 'seed:2', '--timing', 'even', '--easing', 'hold'],
    /--easing hold no frame moves, so --timing even .*leave out one/,
  ],
  [
    'seeds beyond the largest, into a file',
    ['sample', '--seed', '9007199254740990', '--count', '10000', '-o', 'a.png'],
    /--count 10000 from --seed 9007199254740990 on passes the largest seed, 9007199254740991: give a smaller/,
  ],
  [
    'seeds beyond the largest, into a folder',
    ['sample', '--seed', '9007199254740991', '--count', '2', '-o', 'a'],
    /passes the largest seed/,
  ],
  [
    'a format to merge into without a file',
    ['merge', 'a', '--format', 'gif'],
    /--format applies.*leave --format out, or name/,
  ],
  [
    'a frame rate to merge at without a file (would catch a study that is told to name one first)',
    ['merge', 'a', '--fps', '20'],
    /--fps applies.*none is written: leave --fps out/,
  ],
  ['an old flag to merge by without a file', ['merge', 'a', '--ping-pong'], /--ping-pong applies/],
  [
    'one picture for the discrete process',
    ['lab', 'a.png', '--discrete'],
    /needs at least two pictures or latents: name another one besides a\.png/,
  ],
  [
    'more stops than a study measures',
    ['lab', ...seeds(1001)],
    /slerp-studio: A study measures at most .*: choose fewer/,
  ],
  [
    'a name on a server without a server',
    ['encode', 'a.png', '--server-model', 'unet2'],
    /--server-model has no effect without --server: add/,
  ],
  [
    'a range of features without a network',
    ['distance', 'a', 'b', '--feature-range', '0,1'],
    /--feature-range has no effect without --features/,
  ],
  [
    'overwriting statistics that are not saved',
    ['distance', 'a', 'b', '--force'],
    /--force has no effect without --save-statistics/,
  ],
  [
    'a distance between frames without even timing',
    ['morph', 'seed:1', 'seed:2', '--distance', 'ssim'],
    /--distance has no effect without --timing even/,
  ],
  [
    'a component of a difference of means',
    ['direction', 'seed:1', '--plus', 'seed:2', '--minus', 'seed:3', '--component', '2'],
    /--component has no effect without --of/,
  ],
  [
    'a seed of a study without the discrete process',
    ['lab', 'seed:1', '--seed', '3'],
    /--seed has no effect without --discrete/,
  ],
  [
    'a batch of the discrete process',
    ['lab', 'a.png', 'b.png', '--discrete', '--batch', '3'],
    /'--discrete' cannot be used with option '--batch/,
  ],
  ['an empty id', ['pull', ''], /'id'.*Give the id of a model/],
  ['a revision that leads out', ['pull', 'a/b', '--revision', '../c'], /--revision.*Give a branch/],
  ['a server without http', ['encode', 'a.png', '--server', 'nope'], /--server .*begins with http:/],
  [
    'a server with a password',
    ['encode', 'a.png', '--server', 'http://user:secret@host'],
    /--server .*put credentials in --server-header/,
  ],
  ['a server of files', ['encode', 'a.png', '--server', 'file:///a'], /--server .*begins with http:/],
  [
    'a server model without a name',
    ['encode', 'a.png', '--server-model', ''],
    /--server-model.*name of the model/,
  ],
  ['an empty version', ['encode', 'a.png', '--server-version', ''], /--server-version.*Give a version/],
  [
    'a header without a colon',
    ['encode', 'a.png', '--server-header', 'token'],
    /--server-header.*"Name: value"/,
  ],
  [
    'a prompt as long as a book',
    ['encode', 'a.png', '--prompt', 'a'.repeat(10_001)],
    /--prompt.*10000 characters/,
  ],
])('refuses %s', async (_what, args, sentence) => {
  const { code, stderr } = await runCommand(...args)
  expect(stderr).toMatch(sentence)
  expect(stderr).not.toMatch(/expected|input:/)
  expect(code).toBe(64)
})

it.each(['1,,2,3', 'Infinity,0,Infinity,3', '1,2,3', '1,2,3,4,5', '0,0,0,3', '', 'a,b,c,d', '-1,0,2,3'])(
  'refuses the crop "%s" (would catch an empty part read as 0)',
  (text) => expect(() => cropRectangle(text)).toThrow('X,Y,WIDTH,HEIGHT'),
)

it('reads a crop and a pair of numbers', () => {
  expect(cropRectangle('1, 0,2.5,3')).toEqual({ mode: 'crop', x: 1, y: 0, width: 2.5, height: 3 })
  expect(numberPair('0,255')).toEqual([0, 255])
  for (const text of ['0', '1,1', '0,1,2', '0,', '0,Infinity'])
    expect(() => numberPair(text)).toThrow(/two numbers/)
})
