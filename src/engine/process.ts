/** Entry point of the engine process. */
import { join } from 'node:path'
import { cacheFolder, resultsFolder } from '#files/cacheFolder'
import { ContentCache } from '#files/ContentCache'
import { createEngineHandlers } from './handlers'
import { keepOptimizedGraphs } from './model/network/optimizedGraphs'
import { serve } from './serve'
import { openServerPort } from '#child/serverPort'

const openGraph = keepOptimizedGraphs(join(cacheFolder(), 'graphs'))
const disk = new ContentCache(resultsFolder())
serve(
  openServerPort(),
  createEngineHandlers({ openGraph, disk, usesFile: join(cacheFolder(), 'modelUses.json') }),
)
