/** What a drag within the window carries: ids of pictures, separated by spaces. */
export const pictureDragType = 'application/x-slerp-pictures'
