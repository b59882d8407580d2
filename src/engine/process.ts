/** Entry of the engine process. */
import { join } from 'node:path'
import { cacheFolder } from '#files/cacheFolder'
import { createEngineHandlers } from './handlers'
import { keepOptimizedGraphs } from './model/network/optimizedGraphs'
import { serve } from './serve'
import { openServerPort } from './job/serverPort'

const openGraph = keepOptimizedGraphs(join(cacheFolder(), 'graphs'))
serve(openServerPort(), createEngineHandlers({ openGraph }))
