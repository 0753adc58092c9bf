// What the texts of examples and tickets make fake-engine-worker.ts do.

/** Of an example or a ticket: ends the thread. */
export const CRASH = 'crash';
/** Of an example: the engine says that it cannot be started. */
export const FAIL = 'fail';
