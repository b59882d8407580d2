/** The only two IPC channels: requests from the window with one answer each, and events to it. */
export const requestChannel = 'studio:request'
export const eventChannel = 'studio:event'
