import { StudioError } from '#shared/errors'
import { isOutOfMemory, plainWords } from '#shared/runtimeWords'

const unknownOperation =
  /NOT_IMPLEMENTED|Could not find an implementation|is not a registered function|No Op registered|under development|unsupported (model )?opset/i

const irVersions = /Unsupported model IR version: (\d+), max supported IR version: (\d+)/i

const opsetVersions =
  /Opset (\d+) is under development.*official support for domain (\S+) is till opset (\d+)/is

/**
 * Wraps a runtime error about a graph as a failure of the model: the runtime's message names places in its
 * source code and nodes of the graph, which do not help someone who has only the file.
 *
 * @param path  of the model
 */
export function modelFailure(path: string, error: unknown): StudioError {
  if (error instanceof StudioError) return error
  const words = error instanceof Error ? error.message : String(error)
  if (isOutOfMemory(words)) {
    return new StudioError(
      'UNSUPPORTED',
      `${path} needs more memory than this machine has free: close other programs, or choose a smaller model.`,
      { details: words },
    )
  }
  const [, written, readable] = irVersions.exec(words) ?? []
  if (written !== undefined) {
    return new StudioError(
      'UNSUPPORTED',
      `${path} is written in version ${written} of ONNX's format (IR), and onnxruntime reads versions up to ${readable}: export it with an older version of the onnx package.`,
      { details: words },
    )
  }
  const [, opset, domain, newest] = opsetVersions.exec(words) ?? []
  if (opset !== undefined) {
    return new StudioError(
      'UNSUPPORTED',
      `${path} is written in opset ${opset} of ${domain}, and onnxruntime reads opsets up to ${newest}: export it with an older opset.`,
      { details: words },
    )
  }
  if (unknownOperation.test(words)) {
    return new StudioError(
      'UNSUPPORTED',
      `${path} uses an operation that onnxruntime does not have (${plainWords(words)}): export it with another opset.`,
      { details: words },
    )
  }
  return new StudioError(
    'BAD_MODEL',
    `${path} cannot be run (${plainWords(words)}): export or download it again.`,
    { details: words },
  )
}
