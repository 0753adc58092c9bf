export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || name === '::ffff:127.0.0.1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** A shorter token can be guessed by whoever reaches the server. */
const MIN_TOKEN_LENGTH = 16;

/** Others could reach the server, and nothing would keep them out; null when that is not so. */
export function findBindingFault(options: {
  host: string;
  token: string | null;
}): { readonly message: string; readonly cure: string } | null {
  const { host, token } = options;
  if (isLoopbackHost(host) || (token !== null && token.length >= MIN_TOKEN_LENGTH)) return null;
  const found = token === null || token === '' ? 'is not set' : `has fewer than ${MIN_TOKEN_LENGTH} characters`;
  return {
    message: `server.host is "${host}", which other machines can reach, and SWITCHBOARD_TOKEN ${found}`,
    cure: 'Set SWITCHBOARD_TOKEN to a long random text (for example from "openssl rand -hex 32"), or bind 127.0.0.1.',
  };
}
