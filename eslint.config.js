import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'
import { importRule } from './tools/lint/importRule.mjs'
import { networkGlobals, ownFiles, rooms } from './tools/lint/rooms.mjs'

/** Files that may not use a network. */
const silentFiles = Object.keys(rooms)
  .filter((room) => !rooms[room].network)
  .map((room) => (/\.\w+$/.test(room) ? `src/${room}` : `src/${room}/**/*.{ts,vue}`))

/** Globals that core may not use: no clock, randomness, process or window. */
const impure = [...networkGlobals, 'Date', 'performance', 'process', 'window', 'document', 'navigator', 'self', 'globalThis', 'crypto', 'console', 'Buffer', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'] // prettier-ignore

const typeAware = {
  parserOptions: {
    project: ['tsconfig.node.json', 'tsconfig.web.json'],
    tsconfigRootDir: import.meta.dirname,
    extraFileExtensions: ['.vue'],
  },
}

export default ts.config(
  {
    ignores: [
      'out/',
      'dist/',
      'node_modules/',
      'coverage/',
      'test-results/',
      'src/engine/model/graph/onnx_pb.ts',
    ],
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
      '@typescript-eslint/no-shadow': 'error',
      // Prettier wraps code, but no comments.
      'max-len': ['error', { code: 1000, comments: 140, ignoreUrls: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['{src,test,bench}/**/*.ts', '*.config.ts'],
    extends: [ts.configs.strictTypeCheckedOnly],
    languageOptions: typeAware,
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowArray: true },
      ],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      // Arrays are indexed without a check, so what looks unnecessary often is not.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Interfaces declare methods, and none of them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      // A matter of taste, or caught by the compiler as soon as it matters.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unnecessary-template-expression': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      // Writing `any` is an error; the few that libraries return are parsed at once.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Tests throw values that are not errors, and read values whose type they know.
    files: ['{test,bench}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-implied-eval': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
    },
  },
  {
    files: ['src/renderer/**/*.{ts,vue}', 'src/preload/**/*.ts'],
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser } },
  },
  {
    files: ['src/renderer/**/*.vue'],
    languageOptions: typeAware,
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,vue}'],
    plugins: { slerp: { rules: { imports: importRule } } },
    rules: {
      'slerp/imports': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression:matches([callee.name=/^mkdir/], [callee.property.name=/^mkdir/]) Property[key.name=recursive]',
          message: 'It may never end where no folder can be made: use makeFolder of #files.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/files/**', ...ownFiles],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:fs', 'node:fs/promises'].map((name) => ({
            name,
            importNames: ['createReadStream', 'open', 'openSync', 'readFile', 'readFileSync'],
            message: 'A pipe would be waited for for ever: files/fileAccess.ts reads regular files only.',
          })),
        },
      ],
    },
  },
  {
    files: silentFiles,
    rules: {
      'no-restricted-globals': [
        'error',
        ...networkGlobals.map((name) => ({ name, message: 'This room uses no network.' })),
      ],
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impure.map((name) => ({ name, message: 'core is pure.' }))],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'core is pure: randomness comes from a seed.' },
      ],
    },
  },
)
