import { expect, it } from 'vitest'
import { decodeInference } from '#engine/model/server/protocol'

function decodeJson(data: unknown[]) {
  const output = { name: 'y', datatype: 'FP32', shape: [2, 2], data }
  return decodeInference(Buffer.from(JSON.stringify({ outputs: [output] })), null, 'y')
}

it('reads numbers in JSON, flat or nested, and null as NaN (would catch a 0 where the server had no number)', () => {
  expect([...decodeJson([1, 2.5, -3, 0]).data]).toEqual([1, 2.5, -3, 0])
  expect([
    ...decodeJson([
      [1, null],
      [-3, 0],
    ]).data,
  ]).toEqual([1, NaN, -3, 0])
})

it.each([true, false, '0.5', '', {}])('refuses %j in place of a number', (value) => {
  expect(() => decodeJson([1, value, 2, 3])).toThrow(new RangeError('answers values that are no numbers'))
})
