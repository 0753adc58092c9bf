import { z } from 'zod';

export const momentSchema = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'must be a time such as 2026-11-22T10:00:00Z, or a day such as 2026-11-22 (in UTC)',
  })
  .transform((text) => new Date(text).toISOString());
