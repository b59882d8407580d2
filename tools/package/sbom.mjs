import { randomUUID } from 'node:crypto'
import { shippedComponents } from './components.mjs'

/**
 * Returns the bill of materials of an installed app, as CycloneDX 1.6: https://cyclonedx.org/docs/1.6/json/.
 *
 * @param {{ version: string }} about  of the program
 */
export function writeSbom({ version }) {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${randomUUID()}`,
    version: 1,
    metadata: {
      timestamp: new Date().toISOString(),
      component: {
        type: 'application',
        'bom-ref': 'slerp-studio',
        name: 'slerp-studio',
        version,
        licenses: [{ license: { id: 'MIT' } }],
      },
    },
    components: shippedComponents().map(toComponent),
  }
}

function toComponent({ type = 'library', name, version, licence, purl, integrity, parts = [] }) {
  return {
    type,
    'bom-ref': purl ?? `${name}@${version}`,
    name,
    version,
    licenses: [{ expression: licence }],
    ...(purl && { purl }),
    ...(integrity?.startsWith('sha512-') && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice(7), 'base64').toString('hex') }],
    }),
    ...(parts.length > 0 && { components: parts.map(toComponent) }),
  }
}
