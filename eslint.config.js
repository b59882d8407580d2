import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'

/** The outside libraries that only one room may import, with that room. */
const keptInOneRoom = {
  'onnxruntime-node': 'src/engine/model/network/onnx.ts',
  '@napi-rs/canvas': 'src/engine/image/',
}

/**
 * What the files of one room may not import. `regexes` are matched against the import as written.
 *
 * @param {string[]} files
 * @param {{ regex: string, message: string }[]} patterns
 * @param {string[]} [ignores]
 */
function room(files, patterns, ignores = []) {
  return { files, ignores, rules: { 'no-restricted-imports': ['error', { patterns }] } }
}

const noElectron = { regex: '^electron($|/)', message: 'The engine runs without Electron.' }
const noNativeLibraries = Object.entries(keptInOneRoom).map(([library, home]) => ({
  regex: `^${library}$`,
  message: `Only ${home} imports ${library}.`,
}))
const noRuntime = noNativeLibraries[0]
const noCanvas = noNativeLibraries[1]
const noOutside = {
  regex: '^(node:|electron|[a-z@])',
  message: 'core is pure: it imports only core and plain types.',
}
const noRooms = (rooms, message) => ({ regex: `/(${rooms})/`, message })

const noOtherProcess = [
  { regex: '^(node:|electron)', message: 'The renderer talks to the main process through api.ts only.' },
  { regex: '/(main|preload)/', message: 'The renderer imports shared and renderer only.' },
  ...noNativeLibraries,
]

/** The rooms of the window from the ground up; a file knows only its own and those before it. */
const windowRooms = [
  'kit',
  'labels',
  'timeline',
  'playback',
  'pictures',
  'lab',
  'export',
  'stores',
  'actions',
  'composables',
  'widgets',
  'views',
]

export default ts.config(
  {
    ignores: ['out/', 'node_modules/', 'coverage/', 'test-results/', 'src/engine/model/graph/onnx_pb.ts'],
  },
  js.configs.recommended,
  ts.configs.strict,
  vue.configs['flat/recommended'],
  prettier,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/renderer/**/*.{ts,vue}', 'src/preload/**/*.ts'],
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser } },
  },
  room(
    ['src/shared/**'],
    [
      { regex: '^(node:|electron)', message: 'shared is used by every process: zod and plain types only.' },
      { regex: '/(main|renderer|preload)/', message: 'shared imports nothing of one process.' },
      ...noNativeLibraries,
    ],
  ),
  room(
    ['src/core/**'],
    [
      noOutside,
      noRooms(
        'model|image|latent|animation|lab|project|devices|cli|ipc',
        'core knows none of the rooms above it.',
      ),
    ],
  ),
  room(
    ['src/engine/model/**'],
    [
      noElectron,
      noCanvas,
      noRuntime,
      noRooms('image|latent|animation|lab|project|devices|cli|ipc', 'model stands on core only.'),
    ],
    ['src/engine/model/network/onnx.ts'],
  ),
  room(
    ['src/engine/model/network/onnx.ts'],
    [
      noElectron,
      noCanvas,
      noRooms('image|latent|animation|lab|project|devices|cli|ipc', 'model stands on core only.'),
    ],
  ),
  room(
    ['src/engine/image/**'],
    [
      noElectron,
      noRuntime,
      noRooms('model|latent|animation|lab|project|devices|cli|ipc', 'image stands on core only.'),
    ],
  ),
  room(
    ['src/engine/latent/**'],
    [
      noElectron,
      ...noNativeLibraries,
      noRooms('animation|lab|project|devices|cli|ipc', 'latent stands on core, model and image.'),
    ],
  ),
  room(
    ['src/engine/animation/**'],
    [
      noElectron,
      ...noNativeLibraries,
      noRooms('lab|project|devices|cli|ipc', 'animation stands on core, model, image and latent.'),
    ],
  ),
  room(
    ['src/engine/{lab,project,probe,job}/**', 'src/engine/*.ts'],
    [noElectron, ...noNativeLibraries, noRooms('cli|ipc', 'The engine knows nobody who asks it.')],
  ),
  room(['src/cli/**', 'src/host/**', 'src/files/**'], [noElectron, ...noNativeLibraries]),
  room(['src/main/**'], noNativeLibraries),
  room(['src/renderer/*.ts'], noOtherProcess),
  ...windowRooms.map((name, floor) =>
    room(
      [`src/renderer/${name}/**`],
      [
        ...noOtherProcess,
        ...windowRooms.slice(floor + 1).map((above) => noRooms(above, `${name} stands below ${above}.`)),
      ],
    ),
  ),
)
