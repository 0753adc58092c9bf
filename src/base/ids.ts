import { randomBytes } from 'node:crypto';

/** Returns a new id that starts with `prefix`, for example `t-9f86d081884c7d659a2f`. */
export type CreateId = (prefix: string) => string;

/** Uses 80 random bits, so that an id never occurs twice in one installation. */
export const createId: CreateId = (prefix) => `${prefix}-${randomBytes(10).toString('hex')}`;
