/**
 * The packages that stay packages: native ones, and those that users may replace by a build of their own
 * (libheif, under the LGPL). All others are bundled into a few large files in `out`. Only the files that the
 * program loads are shipped: no other system's libraries, no sources, no types.
 *
 * A new row makes the installed app larger: `test/package` compares what was packed with this list.
 *
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 * @returns {Record<string, readonly string[]>} package -> globs of its files, besides package.json and
 *   licence
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

/** The canvas library's name of a system. */
function canvasTarget(platform, arch) {
  return { linux: `linux-${arch}-gnu`, win32: `win32-${arch}-msvc`, darwin: `darwin-${arch}` }[platform]
}
