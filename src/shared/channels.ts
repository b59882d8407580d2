/** The only two IPC channels: requests from the window, each with one response, and events to the window. */
export const requestChannel = 'studio:request'
export const eventChannel = 'studio:event'
