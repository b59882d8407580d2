const superscripts: Record<string, string> = { '-': '⁻' }
for (const [digit, sign] of [...'⁰¹²³⁴⁵⁶⁷⁸⁹'].entries()) superscripts[digit] = sign

/**
 * Returns the label of a tick: 0.97, 20, 1000, 10⁻³, 2·10⁻⁴.
 *
 * @param raise  writes an exponent, by default in superscript characters
 */
export function tickLabel(value: number, raise: (exponent: number) => string = toSuperscript): string {
  const size = Math.abs(value)
  if (value === 0 || (size >= 0.01 && size < 1e5)) return String(value)
  const [mantissa, power] = value.toExponential().split('e')
  const raised = raise(Number(power))
  return mantissa === '1' ? `10${raised}` : `${mantissa}·10${raised}`
}

function toSuperscript(exponent: number): string {
  return [...String(exponent)].map((sign) => superscripts[sign]).join('')
}
