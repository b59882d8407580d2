import { expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { bindModel } from '#engine/model/server/bindModel'
import type { TensorInfo } from '#engine/model/server/ServerClient'

const state = { name: 'sample', datatype: 'FP32', shape: [-1, 3, 8, 8] }
const timestep = { name: 'timestep', datatype: 'INT64', shape: [] }
const answer = { name: 'out_sample', datatype: 'FP32', shape: [-1, 3, 8, 8] }
const shown = { stateShape: [3, 8, 8], outputChannels: 3, where: 'The server x' }

function bind(classes: number | null, ...others: TensorInfo[]) {
  const inputs = [state, timestep, ...others]
  return bindModel({ runtime: 'x', version: '1', inputs, outputs: [answer] }, { ...shown, classes })
}

it('sends the weights of all classes to the input that takes as many, whatever its name', () => {
  const bound = bind(5, { name: 'y', datatype: 'FP16', shape: [-1, 5] })
  const classes = createTensor([2, 5])
  const sent = bound.tensors({ sample: createTensor([2, 3, 8, 8]), timestep: 7, condition: { classes } })
  expect(sent.map(({ name }) => name)).toEqual(['sample', 'timestep', 'y'])
  expect(sent[2]).toMatchObject({ type: 'FP16', shape: [2, 5] })
})

it.each<[string, number | null, TensorInfo[], string, RegExp]>([
  [
    'the number of a class, as other exporters write it',
    5,
    [{ name: 'class_labels', datatype: 'INT64', shape: [-1] }],
    'UNSUPPORTED',
    /takes the number of a class \("class_labels"\), which servers are not sent yet/,
  ],
  [
    'the weights of other classes',
    5,
    [{ name: 'classes', datatype: 'FP32', shape: [-1, 6] }],
    'MODEL_MISMATCH',
    /takes no weights of 5 classes/,
  ],
  ['no class', 5, [], 'MODEL_MISMATCH', /takes no weights of 5 classes/],
  [
    'a text',
    null,
    [{ name: 'encoder_hidden_states', datatype: 'FP32', shape: [-1, 77, 16] }],
    'MODEL_MISMATCH',
    /wants "encoder_hidden_states", which this model does not have/,
  ],
])(
  'refuses a model on binding that takes %s (would catch an error only at the first step)',
  (_, classes, inputs, code, message) => {
    expect(() => bind(classes, ...inputs)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    )
  },
)
