/**
 * `npm run bench [name …]`: prints measurements without judging them. Without names, runs all but those that
 * take minutes. `BENCH_PART=2/4` runs a part of those with thousands of tries.
 */
import { cpus } from 'node:os'
import { ensureBuilt } from '../tools/ensureBuilt.mjs'
import { benchApp } from './app'
import { benchAppExport } from './appExport'
import { benchAppKills } from './appKills'
import { benchBatch } from './batch'
import { benchCancels } from './cancels'
import { benchForecast } from './forecast'
import { benchFrames } from './frames'
import { benchGraph } from './graph'
import { benchHealthLimits } from './healthLimits'
import { benchKills } from './kills'
import { benchLoop } from './loop'
import { benchMalformed } from './malformed'
import { benchModelMutants, benchTorchMutants } from './modelMutants'
import { benchMorph } from './morph'
import { benchMutants } from './mutants'
import { benchPlayback } from './playback'
import { benchProjectMutants } from './projectMutants'
import { benchSaveKills } from './saveKills'
import { benchSamples } from './manySamples'
import { benchServers } from './servers'
import { benchStart } from './start'

const quick = {
  start: benchStart,
  graph: benchGraph,
  loop: benchLoop,
  frames: benchFrames,
  morph: benchMorph,
  malformed: benchMalformed,
  app: benchApp,
  export: benchAppExport,
}
const long = {
  batch: benchBatch,
  health: benchHealthLimits,
  forecast: benchForecast,
  playback: benchPlayback,
  samples: benchSamples,
  mutants: benchMutants,
  modelMutants: benchModelMutants,
  torchMutants: benchTorchMutants,
  projectMutants: benchProjectMutants,
  cancels: benchCancels,
  kills: benchKills,
  appKills: benchAppKills,
  saveKills: benchSaveKills,
  servers: benchServers,
}
const benches = { ...quick, ...long }

const asked = process.argv.slice(2)
const names = (asked.length > 0 ? asked : Object.keys(quick)) as (keyof typeof benches)[]
const unknown = names.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  throw new RangeError(
    `No benchmark is called ${unknown.join(', ')}: take ${Object.keys(benches).join(', ')}.`,
  )
}
console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`)
await ensureBuilt()
for (const name of names) await benches[name]()
