import { defineConfig } from 'electron-vite'
import vue from '@vitejs/plugin-vue'
import { bundledPackages } from './tools/package/bundledPackages.mjs'
import { shippedPackages } from './tools/package/shippedPackages.mjs'

export default defineConfig({
  main: {
    plugins: [bundledPackages()],
    build: {
      sourcemap: true,
      // Otherwise every start reads hundreds of small files. shippedPackages lists those that stay external.
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
        // Sandboxed preload scripts and `electron --require` run CommonJS, whatever the package's type.
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
