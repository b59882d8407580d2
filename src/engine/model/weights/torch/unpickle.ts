/** Thrown for a pickle that cannot be read. The message is a clause that follows “it”. */
export class PickleError extends Error {}

/** A pickle names a class or function that it may not use. */
export class ForbiddenGlobalError extends PickleError {
  constructor(readonly global: string) {
    super(`it asks for ${global}`)
  }
}

/** A pickle is whole, and holds something of a kind that is not read. */
export class UnsupportedContentError extends PickleError {
  /** @param plain  a Python expression's end that makes a plain tensor of it: ".to_dense()" */
  constructor(
    message: string,
    readonly plain = '',
  ) {
    super(message)
  }
}

/** A function of this program that stands for a Python class or function that a pickle may call. */
export type PickleFunction = (args: readonly unknown[]) => unknown

/** What a pickle may refer to besides plain values. */
export interface PickleEnvironment {
  /** Returns what `module.name` stands for; undefined if it is not allowed. */
  global(module: string, name: string): unknown
  /** Returns what a reference to something outside the pickle stands for. */
  persistent(id: unknown): unknown
}

/**
 * Limit on the operations of a pickle and the values that its calls are given: each may take hundreds of bytes of
 * memory. An operation is a byte or more of the file, but five bytes are enough to make a dict of a list of any length
 * once more. A tensor takes about 70, so this is enough for tens of thousands of them.
 */
const mostSteps = 2_000_000

/** Marks the start of a group of values on the stack. */
const mark = Symbol('mark')

/**
 * Reads a Python pickle as plain values: None as null, numbers, strings, bytes, lists and tuples as arrays,
 * dicts as Map. No foreign code runs, because it can only call functions that the environment offers.
 *
 * Supports the opcodes needed for dictionaries of tensors, protocols 2 to 5.
 * Format: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 *
 * @throws ForbiddenGlobalError for a class or function that the environment does not offer
 * @throws UnsupportedContentError for protocols 0 and 1, and as the environment does
 * @throws PickleError for a damaged pickle or an unknown opcode
 */
export function unpickle(bytes: Uint8Array, environment: PickleEnvironment): unknown {
  return new Unpickler(bytes, environment).run()
}

class Unpickler {
  private readonly stack: unknown[] = []
  private readonly memo = new Map<number, unknown>()
  private position = 0
  private steps = 0

  constructor(
    private readonly bytes: Uint8Array,
    private readonly environment: PickleEnvironment,
  ) {}

  run(): unknown {
    for (;;) {
      this.count(1)
      const code = this.take(1).getUint8(0)
      if (code === stop) return this.pop()
      const operation = operations.get(code)
      if (!operation) throw this.unknown(code)
      operation(this)
    }
  }

  /**
   * Protocols from 2 on begin with their number; the opcodes of those before are letters and other ASCII characters.
   */
  private unknown(code: number): PickleError {
    const isPrintable = code >= 0x20 && code < 0x7f
    return this.bytes[0] === protocol || !isPrintable
      ? new PickleError(`it uses the pickle opcode ${code}`)
      : new UnsupportedContentError(
          'it was saved with pickle protocol 0 or 1, and not with the default of torch.save',
        )
  }

  /** Counts steps before they are taken. */
  private count(steps: number): void {
    this.steps += steps
    if (this.steps > mostSteps) throw new PickleError('it holds more values than any network needs')
  }

  push(value: unknown): void {
    this.stack.push(value)
  }

  pop(): unknown {
    const value = this.stack.pop()
    if (value === undefined || value === mark) throw new PickleError('it takes a value that was never put')
    return value
  }

  top(): unknown {
    const value = this.pop()
    this.stack.push(value)
    return value
  }

  /** Removes and returns everything above the last mark, and removes the mark. */
  popGroup(): unknown[] {
    const start = this.stack.lastIndexOf(mark)
    if (start < 0) throw new PickleError('it ends a group that was never begun')
    const group = this.stack.splice(start)
    return group.slice(1)
  }

  beginGroup(): void {
    this.stack.push(mark)
  }

  remember(key = this.memo.size): void {
    this.memo.set(key, this.top())
  }

  recall(key: number): void {
    if (!this.memo.has(key)) throw new PickleError('it refers to a value that was never kept')
    this.push(this.memo.get(key))
  }

  /** Returns the next bytes, as a view. */
  take(length: number): DataView {
    if (length < 0 || length > this.bytes.length - this.position) throw new PickleError('it ends too early')
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.position, length)
    this.position += length
    return view
  }

  takeBytes(length: number): Uint8Array {
    const { buffer, byteOffset } = this.take(length)
    return new Uint8Array(buffer, byteOffset, length)
  }

  takeText(length: number): string {
    return Buffer.from(this.takeBytes(length)).toString('utf8')
  }

  takeLine(): string {
    const end = this.bytes.indexOf(newline, this.position)
    if (end < 0) throw new PickleError('it ends too early')
    const line = this.takeText(end - this.position)
    this.position++
    return line
  }

  find(module: string, name: string): void {
    const found = this.environment.global(module, name)
    if (found === undefined) throw new ForbiddenGlobalError(`${module}.${name}`)
    this.push(found)
  }

  findFromStack(): void {
    const name = this.pop()
    const module = this.pop()
    if (typeof module !== 'string' || typeof name !== 'string') throw new PickleError('it names no global')
    this.find(module, name)
  }

  call(): void {
    const args = this.pop()
    const callee = this.pop()
    if (typeof callee !== 'function' || !Array.isArray(args))
      throw new PickleError('it calls what is no function')
    // A function may go through its arguments and the values in each, but no deeper.
    for (const arg of args as unknown[]) this.count(Array.isArray(arg) ? arg.length : 1)
    // Every function that can be on the stack came from the environment.
    this.push((callee as PickleFunction)(args as unknown[]))
  }

  resolvePersistent(): void {
    this.push(this.environment.persistent(this.pop()))
  }

  /** Drops the attributes of an object, such as a state dictionary's `_metadata`: none matter here. */
  dropAttributes(): void {
    this.pop()
    this.top()
  }

  setItems(items: readonly unknown[]): void {
    const target = this.top()
    if (!(target instanceof Map) || items.length % 2 !== 0) throw new PickleError('it fills what is no dict')
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1])
  }

  appendItems(items: readonly unknown[]): void {
    const target = this.top()
    if (!Array.isArray(target)) throw new PickleError('it fills what is no list')
    for (const item of items) target.push(item)
  }
}

const protocol = 0x80
const newline = 0x0a
const stop = 0x2e

const littleEndian = true

/** Converts a two's complement integer of any length. */
function integerOf(bytes: Uint8Array): number | bigint {
  if (bytes.length === 0) return 0
  const unsigned = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
  const value = BigInt.asIntN(8 * bytes.length, unsigned)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Reads a length of 8 bytes. One that exceeds 2^53 loses precision, but still fails as too long. */
function longLength(machine: Unpickler): number {
  return Number(machine.take(8).getBigUint64(0, littleEndian))
}

const shortLength = (machine: Unpickler) => machine.take(1).getUint8(0)
const plainLength = (machine: Unpickler) => machine.take(4).getUint32(0, littleEndian)

const operations = new Map<number, (machine: Unpickler) => void>([
  // Protocol, frame
  [protocol, (machine) => void machine.take(1)],
  [0x95, (machine) => void machine.take(8)],
  // Constants
  [0x4e, (machine) => machine.push(null)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  // Numbers: BININT, BININT1, BININT2, LONG1, LONG4, BINFLOAT
  [0x4a, (machine) => machine.push(machine.take(4).getInt32(0, littleEndian))],
  [0x4b, (machine) => machine.push(machine.take(1).getUint8(0))],
  [0x4d, (machine) => machine.push(machine.take(2).getUint16(0, littleEndian))],
  [0x8a, (machine) => machine.push(integerOf(machine.takeBytes(shortLength(machine))))],
  [0x8b, (machine) => machine.push(integerOf(machine.takeBytes(plainLength(machine))))],
  [0x47, (machine) => machine.push(machine.take(8).getFloat64(0))],
  // Strings: BINUNICODE, SHORT_BINUNICODE, BINUNICODE8, Python 2's BINSTRING and SHORT_BINSTRING
  [0x58, (machine) => machine.push(machine.takeText(plainLength(machine)))],
  [0x8c, (machine) => machine.push(machine.takeText(shortLength(machine)))],
  [0x8d, (machine) => machine.push(machine.takeText(longLength(machine)))],
  [0x54, (machine) => machine.push(machine.takeText(plainLength(machine)))],
  [0x55, (machine) => machine.push(machine.takeText(shortLength(machine)))],
  // Bytes: BINBYTES, SHORT_BINBYTES, BINBYTES8
  [0x42, (machine) => machine.push(machine.takeBytes(plainLength(machine)))],
  [0x43, (machine) => machine.push(machine.takeBytes(shortLength(machine)))],
  [0x8e, (machine) => machine.push(machine.takeBytes(longLength(machine)))],
  // Containers: EMPTY_DICT, EMPTY_LIST, EMPTY_TUPLE, MARK
  [0x7d, (machine) => machine.push(new Map())],
  [0x5d, (machine) => machine.push([])],
  [0x29, (machine) => machine.push([])],
  [0x28, (machine) => machine.beginGroup()],
  // TUPLE, TUPLE1, TUPLE2, TUPLE3
  [0x74, (machine) => machine.push(machine.popGroup())],
  [0x85, (machine) => machine.push(popMany(machine, 1))],
  [0x86, (machine) => machine.push(popMany(machine, 2))],
  [0x87, (machine) => machine.push(popMany(machine, 3))],
  // SETITEM, SETITEMS, APPEND, APPENDS
  [0x73, (machine) => machine.setItems(popMany(machine, 2))],
  [0x75, (machine) => machine.setItems(machine.popGroup())],
  [0x61, (machine) => machine.appendItems([machine.pop()])],
  [0x65, (machine) => machine.appendItems(machine.popGroup())],
  // Memo: BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
  [0x71, (machine) => machine.remember(machine.take(1).getUint8(0))],
  [0x72, (machine) => machine.remember(machine.take(4).getUint32(0, littleEndian))],
  [0x94, (machine) => machine.remember()],
  [0x68, (machine) => machine.recall(machine.take(1).getUint8(0))],
  [0x6a, (machine) => machine.recall(machine.take(4).getUint32(0, littleEndian))],
  // GLOBAL, STACK_GLOBAL, REDUCE, BUILD, BINPERSID
  [0x63, (machine) => machine.find(machine.takeLine(), machine.takeLine())],
  [0x93, (machine) => machine.findFromStack()],
  [0x52, (machine) => machine.call()],
  [0x62, (machine) => machine.dropAttributes()],
  [0x51, (machine) => machine.resolvePersistent()],
])

function popMany(machine: Unpickler, count: number): unknown[] {
  return Array.from({ length: count }, () => machine.pop()).reverse()
}
