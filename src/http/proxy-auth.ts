// A reverse proxy that has signed somebody in says who it is in a header.
import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Role } from '../base/role.ts';
import { ForbiddenError } from '../errors.ts';
import { userIdSchema } from './contract.ts';

/** `server.auth` of the configuration. */
export type ProxyAuth = {
  /** The header with the id of the user. */
  readonly header: string;
  /** Addresses and ranges of the proxies. From any other address, the header means nothing. */
  readonly trusted: readonly string[];
  /** The role of somebody whom the proxy knows and this installation does not. */
  readonly newUsers: Role | 'refuse';
};

/**
 * Returns a function that reads the id of the user whom the proxy has signed in; null where the proxy names nobody, or the
 * request came from elsewhere. Throws ForbiddenError for a name that no user can have.
 */
export function createProxyReader({ header, trusted }: ProxyAuth): (request: FastifyRequest) => string | null {
  const addresses = new BlockList();
  for (const entry of trusted) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) addresses.addAddress(address, family);
    else addresses.addSubnet(address, Number(prefix), family);
  }
  const name = header.toLowerCase();

  return ({ raw }) => {
    // Of the connection itself: what X-Forwarded-For says may come from anybody.
    const address = (raw.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
    const family = isIP(address);
    if (family === 0 || !addresses.check(address, family === 6 ? 'ipv6' : 'ipv4')) return null;
    // Each time that it was sent: Node keeps only one of some headers, which might be the one of a client.
    const given = raw.rawHeaders.filter((_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === name);
    if (given.length === 0 || given.join('').trim() === '') return null;
    const parsed = userIdSchema.safeParse(given.length === 1 ? given[0] : '');
    if (parsed.success) return parsed.data;
    throw new ForbiddenError(
      `The header ${header} of the proxy is not the id of one user: ${parsed.error.issues[0]?.message ?? ''}. Let the proxy send the name or the email address alone, and remove the header of clients.`,
    );
  };
}
