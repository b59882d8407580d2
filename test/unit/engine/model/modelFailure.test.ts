import { afterEach, describe, expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { modelFailure } from '#engine/model/network/modelFailure'
import { openModel } from '#engine/model/denoiser/openModel'
import { toFailure } from '#shared/errors'
import { ModelCopy } from '../../../fixtures/modelCopy'

let copy: ModelCopy | undefined
afterEach(() => copy?.remove())

describe('an error of the runtime', () => {
  // Messages of onnxruntime 1.29 for mutated graphs.
  it.each([
    [
      'a damaged graph',
      'Load model from /tmp/x.onnx failed:/onnxruntime_src/onnxruntime/core/graph/graph.cc:4720 void onnxruntime::Graph::FinalizeFuseSubGraph(const IndexedSubGraph &, Node &) it != edges was false. a node of the graph is used twice',
      'BAD_MODEL',
      /^\/models\/m cannot be run \(a node of the graph is used twice\): export or download it again\.$/,
    ],
    [
      'an unknown operation',
      '[ONNXRuntimeError] : 9 : NOT_IMPLEMENTED : Could not find an implementation for Foo(1) node with name "foo"',
      'UNSUPPORTED',
      /uses an operation that onnxruntime does not have/,
    ],
    [
      'a newer format',
      '/onnxruntime_src/onnxruntime/core/graph/model.cc:192 onnxruntime::Model::Model(onnx::ModelProto&&, const onnxruntime::PathString&) Unsupported model IR version: 20, max supported IR version: 13',
      'UNSUPPORTED',
      /is written in version 20 of ONNX's format \(IR\), and onnxruntime reads versions up to 13/,
    ],
    [
      'a newer opset',
      'Load model from /tmp/op27.onnx failed:/onnxruntime_src/onnxruntime/core/graph/model_load_utils.h:46 void onnxruntime::model_load_utils::ValidateOpsetForDomain(const std::unordered_map<std::__cxx11::basic_string<char>, int>&, const onnxruntime::logging::Logger&, bool, const std::string&, int) ONNX Runtime only *guarantees* support for models stamped with official released onnx opset versions. Opset 27 is under development and support for this is limited. The operator schemas and or other functionality may change before next ONNX release and in this case ONNX Runtime will not guarantee backward compatibility. Current official support for domain ai.onnx is till opset 26.\n',
      'UNSUPPORTED',
      /is written in opset 27 of ai\.onnx, and onnxruntime reads opsets up to 26: export it with an older opset\.$/,
    ],
    [
      'a place in its sources without a condition',
      '/onnxruntime_src/onnxruntime/core/graph/graph.cc:99 void onnxruntime::Graph::Resolve(const Options&) const nodes form a circle',
      'BAD_MODEL',
      /cannot be run \(nodes form a circle\)/,
    ],
    ['too little memory', 'std::bad_alloc', 'UNSUPPORTED', /needs more memory than this machine has free/],
  ])(
    'about %s becomes a message about the model (would catch INTERNAL with a C++ source path)',
    (_, words, code, sentence) => {
      const failure = toFailure(modelFailure('/models/m', new Error(words)))
      expect(failure.code).toBe(code)
      expect(failure.message).toMatch(sentence)
      expect(failure.message).not.toContain('onnxruntime_src')
    },
  )

  it('reaches the caller of an evaluation as an error of the model', async () => {
    copy = await ModelCopy.of('one-layer')
    const model = await openModel({ path: copy.folder, threads: 1 }, () =>
      Promise.reject(new Error('[ONNXRuntimeError] : 1 : FAIL : Type Error')),
    )
    await expect(model.denoiser.predict(createTensor([1, 3, 16, 16]), 0)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: `${copy.folder} cannot be run (Type Error): export or download it again.`,
    })
  })
})
