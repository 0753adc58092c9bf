import type { FastifyInstance } from 'fastify';
import { InputError } from '../errors.ts';

/** PostgreSQL holds no NUL, so nothing can be named by one. Throws InputError that names the part of the request. */
export function refuseNul(fastify: FastifyInstance): void {
  fastify.addHook('preValidation', async (request) => {
    const parts = [
      ...findNul(request.params).map((name) => ({ path: name, message: 'in the path holds a NUL character (%00)' })),
      ...findNul(request.query).map((name) => ({ path: name, message: 'in the query holds a NUL character (%00)' })),
    ];
    if (parts.length === 0) return;
    const list = parts.map(({ path, message }) => `"${path}" ${message}`).join('; ');
    throw new InputError({ message: `${list}. Nothing has a name with one; leave it out.`, issues: parts });
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
