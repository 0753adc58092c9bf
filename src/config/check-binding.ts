/** Whether only this machine can reach a server that listens on the host. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || name === '::ffff:127.0.0.1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** A shorter token could be guessed by anybody who can reach the server. */
const MIN_TOKEN_LENGTH = 16;

/** Says that other machines could reach the server without a good token, and what to do; null when they could not. */
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
