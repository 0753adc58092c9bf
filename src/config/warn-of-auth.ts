import { isIP } from 'node:net';
import type { Problem } from '../errors.ts';
import type { LoadedConfig } from './config-schema.ts';
import { placeOf } from './place-of.ts';

/** A range with more addresses than this holds more than proxies. */
const MOST_ADDRESSES_BITS = 8;

/** Warns where `server.auth` lets in more people than somebody probably means. */
export function warnOfAuth(config: LoadedConfig): Problem[] {
  const { auth } = config.settings.server;
  if (auth === undefined) return [];
  const path = ['server', 'auth'];
  const wide = auth.trusted.flatMap((range, index): Problem[] => {
    const [address = '', prefix] = range.split('/');
    const bits = prefix === undefined ? 0 : (isIP(address) === 6 ? 128 : 32) - Number(prefix);
    if (bits <= MOST_ADDRESSES_BITS) return [];
    return [
      {
        ...placeOf(config, [...path, 'trusted', index]),
        message: `server.auth.trusted has ${range}, and each machine in that range can sign in as anybody, by sending the header ${auth.header}`,
        cure: 'Name the addresses of your proxies alone.',
      },
    ];
  });
  const { newUsers } = auth;
  if (newUsers !== 'lead' && newUsers !== 'admin') return wide;
  const may = newUsers === 'admin' ? 'do everything' : 'approve corrections and change examples';
  return [
    ...wide,
    {
      ...placeOf(config, [...path, 'newUsers']),
      message: `server.auth.newUsers is "${newUsers}", so that everybody whom the proxy lets in may ${may}`,
      cure: 'Set it to viewer or refuse, and give the few who need it their role with: switchboard user role',
    },
  ];
}
