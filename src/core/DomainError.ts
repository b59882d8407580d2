/**
 * A value for which a function is not defined: an argument out of range, a setting that is not supported, or
 * inputs that do not go together. The message is a sentence for people. Of the errors of `core`, only this one
 * says that the input was at fault; errors that JavaScript itself throws are bugs.
 */
export class DomainError extends RangeError {
  override readonly name = 'DomainError'
}
