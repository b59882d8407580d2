/**
 * Deeper than any document. JSON readers recurse once per level, and a million levels would crash
 * the process.
 */
const deepest = 100

/** Parses a JSON text; returns undefined if it is invalid or nested too deeply. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > deepest) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function depthOf(text: string): number {
  let [depth, most, inString] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (inString) {
      if (character === backslash) at++
      else if (character === quote) inString = false
    } else if (character === quote) inString = true
    else if (character === openBracket || character === openBrace) most = Math.max(most, ++depth)
    else if (character === closeBracket || character === closeBrace) depth--
  }
  return most
}

const [quote, backslash] = [34, 92]
const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125]
