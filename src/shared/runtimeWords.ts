/** What onnxruntime says when something went wrong, made fit for people. */

const outOfMemory =
  /out of (device )?memory|OUT_OF_MEMORY|OutOfDeviceMemory|failed to allocate|bad_alloc|not enough memory/i

/** Whether an error of the runtime means that a device has too little memory for what was asked of it. */
export function isOutOfMemory(words: string): boolean {
  return outOfMemory.test(words)
}

const longest = 200

/** "/onnxruntime_src/…/graph.cc:4720 void onnxruntime::Graph::Resolve(const Options&) ", perhaps with a condition after it. */
const placeInSources = /^.*?\.(cc|cpp|h|hpp|cu):\d+ [^()]*\([^()]*\)( const)? (.*was false\.)?\s*/

/** The first line of what the runtime says, without the place in its sources that it puts before it. */
export function plainWords(words: string): string {
  const line = words.split('\n').find((line) => line.trim() !== '') ?? 'no reason given'
  const said = line
    .replace(placeInSources, '')
    .replace(/^.*(was false\.|\[ONNXRuntimeError\] : \d+ : \w+ :)\s*/, '')
    .trim()
  return said.length > longest ? `${said.slice(0, longest)} …` : said.replace(/[.:]+$/, '')
}
