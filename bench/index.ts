/** `npm run bench [name …]`: prints figures, judges none. */
import { cpus } from 'node:os'
import { ensureBuilt } from '../tools/ensureBuilt.mjs'
import { benchApp } from './app'
import { benchGraph } from './graph'
import { benchHealthLimits } from './healthLimits'
import { benchLoop } from './loop'
import { benchMalformed } from './malformed'
import { benchMorph } from './morph'
import { benchStart } from './start'

const benches = {
  start: benchStart,
  graph: benchGraph,
  loop: benchLoop,
  morph: benchMorph,
  malformed: benchMalformed,
  app: benchApp,
  health: benchHealthLimits,
}

const asked = process.argv.slice(2)
const names = Object.keys(benches) as (keyof typeof benches)[]
console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`)
await ensureBuilt()
for (const name of names.filter((name) => asked.length === 0 || asked.includes(name))) await benches[name]()
