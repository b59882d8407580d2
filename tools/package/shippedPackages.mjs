/**
 * The packages that stay packages: what is native, and what a person may replace by a build of their own (libheif, under
 * the LGPL). All others are built into `out`, where they are read in a few large files. Of each, only what the program
 * loads is shipped: no other system's libraries, no sources, no types.
 *
 * A new row means that the installed app grows: `test/package` compares what was packed with this list.
 *
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 * @returns {Record<string, readonly string[]>} package -> globs of its files, besides package.json and its licence
 */
export function shippedPackages(platform, arch) {
  return {
    'onnxruntime-node': ['dist/*.js', `bin/napi-v6/${platform}/${arch}/*`],
    'onnxruntime-common': ['dist/cjs/*.js', 'dist/cjs/package.json'],
    '@napi-rs/canvas': ['*.js'],
    [`@napi-rs/canvas-${canvasTarget(platform, arch)}`]: ['*.node', '*.dat'],
    'heic-decode': ['*.js'],
    'libheif-js': ['wasm-bundle.js', 'libheif-wasm/libheif-bundle.js', 'libheif-wasm/LICENSE'],
  }
}

/** How the canvas library names a system. */
function canvasTarget(platform, arch) {
  return { linux: `linux-${arch}-gnu`, win32: `win32-${arch}-msvc`, darwin: `darwin-${arch}` }[platform]
}
