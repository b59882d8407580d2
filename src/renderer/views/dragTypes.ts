/** What a drag within the window carries: ids of pictures, separated by spaces. */
export const pictureDragType = 'application/x-slerp-pictures'
/** Position of a stop that is being moved. */
export const stopDragType = 'application/x-slerp-stop'
