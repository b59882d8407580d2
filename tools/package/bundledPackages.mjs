/**
 * Returns a build plug-in that records which packages the build took code or files from, in a `packages.json`
 * next to the output: folders relative to the repository. No other source tells as reliably what is shipped.
 */
export function bundledPackages() {
  const folders = new Set()
  const note = (id) => {
    const found = /\/(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(
      id.split('\\').join('/'),
    )
    if (found) folders.add(found[1])
  }
  return {
    name: 'bundled-packages',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        for (const id of file.moduleIds ?? file.originalFileNames ?? []) note(id)
      }
      // Styles have been extracted from the chunks by now, and their modules with them.
      for (const id of this.getModuleIds()) if (/\.css($|\?)/.test(id)) note(id)
      this.emitFile({ type: 'asset', fileName: 'packages.json', source: JSON.stringify([...folders].sort()) })
    },
  }
}
