/** Entry of the engine process. */
import { join } from 'node:path'
import { cacheFolder } from './cacheFolder'
import { createEngineHandlers } from './handlers'
import { keepOptimizedGraphs } from './model/optimizedGraphs'
import { serve } from './serve'
import { openServerPort } from './serverPort'

serve(openServerPort(), createEngineHandlers(keepOptimizedGraphs(join(cacheFolder(), 'graphs'))))
