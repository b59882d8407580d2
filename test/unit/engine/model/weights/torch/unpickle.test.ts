import { describe, expect, it } from 'vitest'
import {
  ForbiddenGlobalError,
  PickleError,
  UnsupportedContentError,
  unpickle,
} from '#engine/model/weights/torch/unpickle'

const nothing = { global: () => undefined, persistent: () => null }
const bytesOf = (...parts: (string | number)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.of(part))),
  )

describe('unpickle', () => {
  it.each([
    // Opcodes and arguments as documented by pickletools.
    ['None', bytesOf('N.'), null],
    ['a negative integer', bytesOf('J', 0xff, 0xff, 0xff, 0xff, '.'), -1],
    ['an integer beyond float64', bytesOf(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, '.'), 2n ** 70n],
    ['a negative long', bytesOf(0x8a, 1, 0x80, '.'), -128],
    ['a float, big-endian', bytesOf('G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, '.'), 1.5],
    ['a list', bytesOf('](K', 1, 'K', 2, 'e.'), [1, 2]],
    ['a tuple of three', bytesOf('K', 1, 'K', 2, 'K', 3, 0x87, '.'), [1, 2, 3]],
    ['a dict', bytesOf('}X', 1, 0, 0, 0, 'a', 'K', 7, 's.'), new Map([['a', 7]])],
    ['a value used twice', bytesOf(']q', 0, 'h', 0, 0x86, '.'), [[], []]],
  ])('reads %s', (_, bytes, value) => {
    expect(unpickle(bytes, nothing)).toEqual(value)
  })

  it.each([
    'posix system',
    'builtins eval',
    'builtins getattr',
    'torch load',
    'os popen',
    '__builtin__ exec',
  ])('does not call %s and names it in the error (would catch running code from a file)', (global) => {
    const [module, name] = global.split(' ')
    const bytes = bytesOf(`c${module}\n${name}\n(X`, 2, 0, 0, 0, 'idtR.')
    expect(() => unpickle(bytes, nothing)).toThrow(ForbiddenGlobalError)
    expect(() => unpickle(bytes, nothing)).toThrow(`${module}.${name}`)
  })

  it('tells an old protocol from damage (would catch a damaged first byte taken for protocol 0)', () => {
    expect(() => unpickle(bytesOf('I42\n.'), nothing)).toThrow(UnsupportedContentError)
    for (const first of [0x00, 0x81, 0xff]) {
      expect(() => unpickle(bytesOf(first, 2, 'N.'), nothing)).toThrow(`it uses the pickle opcode ${first}`)
    }
  })

  it.each([
    ['dictionaries', '}'],
    ['values kept for later', '\x94'],
  ])('refuses millions of %s (would catch gigabytes taken by a file of a few megabytes)', (_, operation) => {
    const bytes = bytesOf(0x80, 2, 'N', operation.repeat(2_500_000), '.')
    expect(() => unpickle(bytes, nothing)).toThrow('it holds more values than any network needs')
  })

  it('refuses to make a long list into a dict thousands of times (would catch gigabytes taken by a file of 50 kB)', () => {
    let given = 0
    const make = ([pairs]: readonly unknown[]) => {
      given += (pairs as unknown[]).length
      return pairs
    }
    // The list and the function are kept as 0 and 1, and the arguments as 2.
    const kept = bytesOf(']q', 0, `(${'N'.repeat(10_000)}e`, 0x85, 'q', 2, 'cm\nf\nq', 1)
    const call = bytesOf('h', 1, 'h', 2, 'R')
    const bytes = Buffer.concat([kept, ...Array<Buffer>(8000).fill(call), Buffer.from('.')])
    expect(() => unpickle(bytes, { ...nothing, global: () => make })).toThrow(
      'it holds more values than any network needs',
    )
    expect(given).toBeLessThan(2_000_000)
  })

  it('names a forbidden global built on the stack (would catch a check of the GLOBAL opcode only)', () => {
    const bytes = bytesOf(0x8c, 2, 'os', 0x8c, 6, 'system', 0x93, '.')
    expect(() => unpickle(bytes, nothing)).toThrow('os.system')
  })

  it.each([
    ['an unknown opcode', bytesOf(0x01)],
    ['an instance opcode', bytesOf('(ios\nsystem\n.')],
    ['an end in the middle of a string', bytesOf('X', 9, 0, 0, 0, 'abc')],
    ['a length beyond any file', bytesOf(0x8d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 'a')],
    ['an empty stack', bytesOf('.')],
    ['a group never begun', bytesOf('t.')],
    ['a call of a string', bytesOf('X', 1, 0, 0, 0, 'a', ')R.')],
    ['a memo never filled', bytesOf('h', 7, '.')],
    ['items for a number', bytesOf('K', 1, '(K', 1, 'K', 2, 'u.')],
  ])('rejects %s', (_, bytes) => {
    expect(() => unpickle(bytes, nothing)).toThrow(PickleError)
  })
})
