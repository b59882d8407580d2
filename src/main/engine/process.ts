/** Entry of the engine process. */
import { createEngineHandlers } from './handlers'
import { serve } from './serve'
import { openServerPort } from './serverPort'

serve(openServerPort(), createEngineHandlers())
