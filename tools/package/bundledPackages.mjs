/**
 * A plug-in of the build that notes which packages it took code or files from, as `packages.json` beside them: folders
 * below the repository. What is shipped is known from nothing else as surely.
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
      // Styles have left the chunks by now, and their modules with them.
      for (const id of this.getModuleIds()) if (/\.css($|\?)/.test(id)) note(id)
      this.emitFile({ type: 'asset', fileName: 'packages.json', source: JSON.stringify([...folders].sort()) })
    },
  }
}
