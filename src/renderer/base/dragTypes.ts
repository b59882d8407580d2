/** The data type of a drag within the window: picture ids, separated by spaces. */
export const pictureDragType = 'application/x-slerp-pictures'
