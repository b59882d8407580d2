/** Makes onnxruntime's error messages readable for people. */

const outOfMemory =
  /out of (device )?memory|OUT_OF_MEMORY|OutOfDeviceMemory|failed to allocate|allocation failed|bad_alloc|not enough memory|invalid (typed )?array length: \d{9,}/i

/** Whether an error of the runtime means that a device has too little memory for what it was asked. */
export function isOutOfMemory(words: string): boolean {
  return outOfMemory.test(words)
}

const longest = 200

/**
 * "/onnxruntime_src/…/graph.cc:4720 void onnxruntime::Graph::Resolve(const Options&) ", possibly followed by
 * a condition.
 */
const placeInSources = /^.*?\.(cc|cpp|h|hpp|cu):\d+ [^()]*\([^()]*\)( const)? (.*was false\.)?\s*/

/** Returns the first line of a message from the runtime, without the source location in front of it. */
export function plainWords(words: string): string {
  const line = words.split('\n').find((text) => text.trim() !== '') ?? 'no reason given'
  const said = line
    .replace(placeInSources, '')
    .replace(/^.*(was false\.|\[ONNXRuntimeError\] : \d+ : \w+ :)\s*/, '')
    .trim()
  return said.length > longest ? `${said.slice(0, longest)} …` : said.replace(/[.:]+$/, '')
}
