import { sizeOf } from '#core/diffusion/tensor'
import type { Dtype } from '../dtypes'
import { PickleError, type PickleEnvironment, type PickleFunction } from './unpickle'

/** One block of numbers in a PyTorch file, which several tensors may share. */
class TorchStorage {
  /**
   * @param key  the name of its entry below `data/`
   * @param elements  how many numbers it holds
   */
  constructor(
    readonly key: string,
    readonly dtype: Dtype,
    readonly elements: number,
  ) {}
}

/** A tensor of a PyTorch file: a view of a storage. Offset and strides count elements. */
export class TorchTensor {
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}

  /** The number of storage elements from the first to the last of the tensor, inclusive. */
  get span(): number {
    if (this.shape.includes(0)) return 0
    return this.shape.reduce((span, side, axis) => span + (side - 1) * this.strides[axis], 1)
  }

  /** Whether its elements are consecutive in row-major order. */
  get isContiguous(): boolean {
    let expected = 1
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      if (this.shape[axis] !== 1 && this.strides[axis] !== expected) return false
      expected *= this.shape[axis]
    }
    return true
  }
}

/** A storage class, as a pickle refers to it. */
class StorageClass {
  constructor(readonly dtype: Dtype) {}
}

const storageDtypes: Readonly<Record<string, Dtype>> = {
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  DoubleStorage: 'F64',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
}

/** Everything a file of weights may refer to, by its full Python name. */
const allowed: ReadonlyMap<string, PickleFunction | StorageClass> = new Map<
  string,
  PickleFunction | StorageClass
>([
  ['collections.OrderedDict', dictOf],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_parameter', firstTensor],
  ['torch.nn.parameter.Parameter', firstTensor],
  ['torch.Size', ([sides]) => sides],
  ...Object.entries(storageDtypes).map(
    ([name, dtype]) => [`torch.${name}`, new StorageClass(dtype)] as const,
  ),
])

/** The names that a file of PyTorch weights may use; no others are allowed. */
export const torchEnvironment: PickleEnvironment = {
  global: (module, name) => allowed.get(`${module}.${name}`),
  persistent: storageOf,
}

/** OrderedDict(), or OrderedDict(pairs). */
function dictOf([pairs = []]: readonly unknown[]): Map<unknown, unknown> {
  if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new PickleError('it makes a dict of what are no pairs')
  }
  return new Map(pairs as [unknown, unknown][])
}

/** _rebuild_parameter(data, requires_grad, hooks) and Parameter(data, requires_grad). */
function firstTensor([tensor]: readonly unknown[]): TorchTensor {
  if (!(tensor instanceof TorchTensor)) throw new PickleError('it makes a parameter of what is no tensor')
  return tensor
}

/** _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, hooks). */
function rebuildTensor([storage, offset, shape, strides]: readonly unknown[]): TorchTensor {
  const isSound =
    storage instanceof TorchStorage &&
    isCount(offset) &&
    isCounts(shape) &&
    isCounts(strides) &&
    shape.length === strides.length
  if (!isSound) throw new PickleError('it describes a tensor in a way that PyTorch does not')
  const tensor = new TorchTensor(storage, offset, shape, strides)
  if (offset + tensor.span > storage.elements) throw new PickleError('a tensor reaches beyond its storage')
  // A stride of 0 would let a few bytes stand for any amount of memory.
  if (sizeOf(shape) > storage.elements) throw new PickleError('a tensor is larger than its storage')
  return tensor
}

/** ('storage', storage class, key, location, number of elements). */
function storageOf(id: unknown): TorchStorage {
  const [kind, storageClass, key, , elements] = Array.isArray(id) ? (id as unknown[]) : []
  const isSound =
    kind === 'storage' && storageClass instanceof StorageClass && typeof key === 'string' && isCount(elements)
  if (!isSound) throw new PickleError('it refers to numbers in a way that PyTorch does not')
  return new TorchStorage(key, storageClass.dtype, elements)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount)
}
