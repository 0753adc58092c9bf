// Loads drizzle as CommonJS. Its package.json lists thousands of exports, and Node reads that list again for each of its
// ES modules: that took a second of processor time and 180 MB at every start, CommonJS takes 0.2 s and 12 MB.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// The casts: `require` has no types, and both builds of drizzle are made from the same sources.
const core = require('drizzle-orm') as typeof import('drizzle-orm');
const pgCore = require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core');

export const {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  ilike,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  ne,
  not,
  notExists,
  or,
  sql,
  sum,
} = core;
export const {
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  serial,
  text,
  unique,
} = pgCore;
export type { SQL } from 'drizzle-orm';
export type { ExtraConfigColumn } from 'drizzle-orm/pg-core';

/** The driver of one database with drizzle's migrator; loaded when it is needed. */
export const loadPgliteDriver = () => ({
  ...(require('drizzle-orm/pglite') as typeof import('drizzle-orm/pglite')),
  ...(require('drizzle-orm/pglite/migrator') as typeof import('drizzle-orm/pglite/migrator')),
});
export const loadPostgresqlDriver = () => ({
  ...(require('drizzle-orm/node-postgres') as typeof import('drizzle-orm/node-postgres')),
  ...(require('drizzle-orm/node-postgres/migrator') as typeof import('drizzle-orm/node-postgres/migrator')),
});
