import { defineConfig } from 'electron-vite'
import vue from '@vitejs/plugin-vue'
import { bundledPackages } from './tools/package/bundledPackages.mjs'
import { shippedPackages } from './tools/package/shippedPackages.mjs'

export default defineConfig({
  main: {
    plugins: [bundledPackages()],
    build: {
      sourcemap: true,
      // Hundreds of small files are read at every start otherwise. Some have to stay packages: see there.
      externalizeDeps: false,
      rollupOptions: {
        external: Object.keys(shippedPackages(process.platform, process.arch)),
        input: {
          index: 'src/main/index.ts',
          installed: 'src/main/installed.ts',
          cli: 'src/cli/index.ts',
          engine: 'src/engine/process.ts',
          probe: 'src/engine/probe/process.ts',
          download: 'src/download/process.ts',
        },
      },
    },
  },
  preload: {
    plugins: [bundledPackages()],
    build: {
      rollupOptions: {
        // A sandboxed preload, and what `electron --require` loads, is evaluated as CommonJS whatever the package's type.
        input: { index: 'src/preload/index.ts', beforeReady: 'src/main/beforeReady.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [vue(), bundledPackages()],
    build: { rollupOptions: { input: 'src/renderer/index.html' } },
  },
})
