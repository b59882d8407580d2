import type { Provider } from '#shared/devices'

/** What onnxruntime calls them. */
export const runtimeNames: Readonly<Record<Provider, string>> = {
  cpu: 'cpu',
  cuda: 'cuda',
  webgpu: 'webgpu',
  directml: 'dml',
  coreml: 'coreml',
}
