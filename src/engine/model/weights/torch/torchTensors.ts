import { sizeOf } from '#core/diffusion/tensor'
import { bytesPerElement, type Dtype } from '../dtypes'
import { PickleError, UnsupportedContentError, type PickleEnvironment, type PickleFunction } from './unpickle'

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

/** An element type, as a pickle refers to it. */
class TorchDtype {
  constructor(readonly dtype: Dtype) {}
}

/** The element types without a storage class of their own: their numbers lie in a storage of bytes. */
const untypedDtypes: Readonly<Record<string, Dtype>> = {
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
}

type Allowed = PickleFunction | StorageClass | TorchDtype

/** Everything a file of weights may refer to, by its full Python name. */
const allowed: ReadonlyMap<string, Allowed> = new Map<string, Allowed>([
  ['collections.OrderedDict', dictOf],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_tensor_v3', rebuildUntypedTensor],
  ['torch._utils._rebuild_parameter', firstTensor],
  ['torch.nn.parameter.Parameter', firstTensor],
  ['torch.Size', ([sides]) => sides],
  ['torch.storage.UntypedStorage', new StorageClass('U8')],
  ...Object.entries(untypedDtypes).map(([name, dtype]) => [`torch.${name}`, new TorchDtype(dtype)] as const),
  ...Object.entries(storageDtypes).map(
    ([name, dtype]) => [`torch.${name}`, new StorageClass(dtype)] as const,
  ),
])

const sparse = { what: 'it holds a sparse tensor', plain: '.to_dense()' }
const complex = { what: 'it holds complex numbers', plain: '.real' }
const quantised = { what: 'it holds quantised numbers', plain: '.dequantize()' }
const ofType = (name: string) => ({ what: `it holds numbers of type ${name}`, plain: '' })

/** Names of tensors of kinds that are not read: a clause, and what makes a plain tensor of them in Python. */
const unread: Readonly<Record<string, { what: string; plain: string }>> = {
  'torch._utils._rebuild_sparse_tensor': sparse,
  'torch._utils._rebuild_qtensor': quantised,
  'torch.ComplexFloatStorage': complex,
  'torch.ComplexDoubleStorage': complex,
  'torch.complex32': complex,
  'torch.float8_e4m3fnuz': ofType('float8_e4m3fnuz'),
  'torch.float8_e5m2fnuz': ofType('float8_e5m2fnuz'),
  'torch.float8_e8m0fnu': ofType('float8_e8m0fnu'),
}

/** The names that a file of PyTorch weights may use; no others are allowed. */
export const torchEnvironment: PickleEnvironment = { global: globalOf, persistent: storageOf }

/** @throws UnsupportedContentError for tensors of kinds that are not read */
function globalOf(module: string, name: string): Allowed | undefined {
  const whole = `${module}.${name}`
  if (Object.hasOwn(unread, whole)) throw new UnsupportedContentError(unread[whole].what, unread[whole].plain)
  return allowed.get(whole)
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

/** _rebuild_tensor_v3(storage of bytes, storage_offset, size, stride, requires_grad, hooks, dtype, metadata). */
function rebuildUntypedTensor(args: readonly unknown[]): TorchTensor {
  const [storage, offset, shape, strides, gradient, hooks, type, metadata] = args
  if (!(storage instanceof TorchStorage) || storage.dtype !== 'U8' || !(type instanceof TorchDtype))
    throw new PickleError('it describes a tensor in a way that PyTorch does not')
  const { dtype } = type
  const typed = new TorchStorage(storage.key, dtype, Math.floor(storage.elements / bytesPerElement[dtype]))
  return rebuildTensor([typed, offset, shape, strides, gradient, hooks, metadata])
}

/** _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, hooks, metadata). */
function rebuildTensor(args: readonly unknown[]): TorchTensor {
  const [storage, offset, shape, strides, , , metadata] = args
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
  if (sizeOf(shape) > storage.elements)
    throw new UnsupportedContentError('it holds a tensor that repeats its numbers, as expand makes it')
  if (metadata instanceof Map && metadata.get('neg') === true)
    throw new UnsupportedContentError('it holds a tensor that stands for its negative', '.resolve_neg()')
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
