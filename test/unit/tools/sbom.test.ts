import { describe, expect, it } from 'vitest'
import { writeSbom } from '../../../tools/package/sbom.mjs'
import { bomProblems } from '../../fixtures/cycloneDx'

const bom = writeSbom({ version: '1.2.3' })

describe('the bill of materials', () => {
  it('conforms to the CycloneDX schema', async () => {
    expect(await bomProblems(JSON.stringify(bom))).toBeNull()
  })

  it.each<[string, object]>([
    ['a field of no meaning', { note: 'x' }],
    ['a serial number that is none', { serialNumber: '7' }],
    ['a component without a name', { components: [{ type: 'library' }] }],
    [
      'a hash that is too short',
      { components: [{ ...bom.components[0], hashes: [{ alg: 'SHA-512', content: 'ab' }] }] },
    ],
  ])('would fail validation with %s', async (_, change) => {
    expect(await bomProblems(JSON.stringify({ ...bom, ...change }))).not.toBeNull()
  })

  it('gives every component a unique reference, a version and a licence', () => {
    const references = bom.components.map((component) => component['bom-ref'])
    expect(new Set(references).size).toBe(references.length)
    for (const { name, version, licenses } of bom.components) {
      expect(version, name).toMatch(/^\d/)
      expect(licenses[0].expression, name).not.toBe('NOASSERTION')
    }
  })
})
