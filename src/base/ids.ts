import { randomBytes } from 'node:crypto';

/** Returns a fresh id that starts with `prefix`, for example `t-9f86d081884c7d659a2f`. */
export type CreateId = (prefix: string) => string;

/** 80 random bits: no two in the life of an installation. */
export const createId: CreateId = (prefix) => `${prefix}-${randomBytes(10).toString('hex')}`;
