// Texts of examples and tickets that make fake-engine-worker.ts crash or fail.

/** In an example or a ticket: ends the thread. */
export const CRASH = 'crash';
/** In an example: the engine reports that it cannot be started. */
export const FAIL = 'fail';
/** Before a number in a ticket: the engine says that this process trains for it. */
export const TRAINER = 'trainer ';
/** The thread waits for ever, until it is terminated. */
export const NEVER = 'please never answer';
