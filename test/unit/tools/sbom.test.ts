import { describe, expect, it } from 'vitest'
import { writeSbom } from '../../../tools/package/sbom.mjs'
import { bomProblems } from '../../fixtures/cycloneDx'

const bom = writeSbom({ version: '1.2.3' })

describe('the bill of materials', () => {
  it('conforms to the CycloneDX schema', async () => {
    expect(await bomProblems(JSON.stringify(bom))).toBeNull()
  })

  it.each<[string, object, object]>([
    [
      'a field of no meaning',
      { note: 'x' },
      { keyword: 'additionalProperties', params: { additionalProperty: 'note' } },
    ],
    [
      'a serial number that is none',
      { serialNumber: '7' },
      { keyword: 'pattern', instancePath: '/serialNumber' },
    ],
    [
      'a component without a name',
      { components: [{ type: 'library' }] },
      { keyword: 'required', params: { missingProperty: 'name' } },
    ],
    [
      'a hash that is too short',
      { components: [{ ...bom.components[0], hashes: [{ alg: 'SHA-512', content: 'ab' }] }] },
      { keyword: 'pattern', instancePath: '/components/0/hashes/0/content' },
    ],
  ])('would fail validation with %s', async (_, change, problem) => {
    const problems = await bomProblems(JSON.stringify({ ...bom, ...change }))
    expect(problems).toContainEqual(expect.objectContaining(problem))
  })

  it('gives every component a unique reference, a version and a licence', () => {
    const references = bom.components.map((component) => component['bom-ref'])
    expect(new Set(references).size).toBe(references.length)
    for (const { name, version, licenses } of bom.components) {
      expect(version, name).toMatch(/^\d/)
      expect(licenses[0].expression, name).not.toBe('NOASSERTION')
    }
  })

  it.runIf(process.platform === 'linux')('lists the parts of the native file of the canvas', () => {
    const canvas = bom.components.find(({ name }) => name.startsWith('@napi-rs/canvas-'))
    const names = (canvas?.components as { name: string }[]).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['freetype', 'libwebp', 'libaom-sys', 'harfbuzz']))
  })
})
