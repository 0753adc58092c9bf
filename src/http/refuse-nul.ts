import type { FastifyInstance } from 'fastify';
import { InputError } from '../errors.ts';

/**
 * Throws InputError, with the field's name, for a NUL character in the path or the query: PostgreSQL cannot store one.
 */
export function refuseNul(fastify: FastifyInstance): void {
  fastify.addHook('preValidation', async (request) => {
    const parts = [
      ...findNul(request.params).map((name) => ({ path: name, message: 'in the path contains a NUL character (%00)' })),
      ...findNul(request.query).map((name) => ({ path: name, message: 'in the query contains a NUL character (%00)' })),
    ];
    if (parts.length === 0) return;
    const list = parts.map(({ path, message }) => `"${path}" ${message}`).join('; ');
    throw new InputError({ message: `${list}. No stored name contains one; leave it out.`, issues: parts });
  });
}

function findNul(values: unknown): string[] {
  if (typeof values !== 'object' || values === null) return [];
  return Object.entries(values).flatMap(([name, value]) =>
    name.includes('\0') || [value].flat().some((text) => typeof text === 'string' && text.includes('\0'))
      ? [name.replaceAll('\0', '')]
      : [],
  );
}
