/**
 * Files of the two sample pictures whose film is the first that people see, in the window and from `demo`.
 * Chosen by eye: with either bundled model, every frame between them is a whole fruit.
 */
export const firstFilm = ['apple-granny-smith.webp', 'tomato-cherry-red.webp'] as const
