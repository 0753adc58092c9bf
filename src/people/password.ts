// Passwords are stored as salted scrypt hashes, in the string format of the Password Hashing Competition.
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { InputError } from '../errors.ts';
import { createTurns } from './hash-turns.ts';

/**
 * One of the sets of parameters that OWASP names as equally strong, with 32 MB of memory for each hash
 * (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt): N = 2^15, r = 8, p = 3.
 */
const PARAMETERS = { ln: 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/**
 * OWASP calls passwords below 8 characters weak where there is a second factor, and below 15 where there is none
 * (https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html). This lies between: guessing is limited
 * for each user here, and longer demands lead to passwords on paper.
 */
export const MIN_PASSWORD_LENGTH = 12;
const MIN_DIFFERENT_CHARACTERS = 5;
/** Each takes a core for a quarter of a second. More would only wait, and take memory meanwhile. */
const MOST_WAITING = 20;

const storedForm = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Throws InputError for a password that somebody would guess. */
export function assertPassword(password: string, { userId }: { userId: string }): void {
  const length = [...password].length;
  const fault =
    length < MIN_PASSWORD_LENGTH
      ? `has ${length} characters and needs at least ${MIN_PASSWORD_LENGTH}. A sentence is easy to remember`
      : new Set(password.toLowerCase()).size < MIN_DIFFERENT_CHARACTERS
        ? `has fewer than ${MIN_DIFFERENT_CHARACTERS} different characters. A sentence is easy to remember`
        : password.toLowerCase().replaceAll(userId, '').length < MIN_PASSWORD_LENGTH / 2
          ? 'is hardly more than the name of the user. Choose something that others cannot guess'
          : null;
  if (fault === null) return;
  throw new InputError({ message: `The password ${fault}.`, issues: [{ path: 'password', message: fault }] });
}

/** For example `$scrypt$ln=15,r=8,p=3$SALT$HASH`. Takes a quarter of a second of a thread of its own. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, { ...PARAMETERS, salt, bytes: HASH_BYTES });
  return format(salt, hash);
}

/**
 * Whether the password is the one of a stored hash. Takes as long where there is no hash, so that nobody can find out by the
 * time whether there is such a user.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, ln, r, p, salt = '', hash = ''] = storedForm.exec(stored ?? decoy) ?? storedForm.exec(decoy) ?? [];
  const expected = Buffer.from(hash, 'base64');
  const given = await derive(password, {
    ...{ ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    bytes: expected.length,
  });
  return timingSafeEqual(given, expected) && stored !== null && storedForm.test(stored);
}

function format(salt: Buffer, hash: Buffer): string {
  const { ln, r, p } = PARAMETERS;
  const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${ln},r=${r},p=${p}$${plain(salt)}$${plain(hash)}`;
}

/** What is compared with where there is no hash. */
const decoy = format(Buffer.alloc(SALT_BYTES), Buffer.alloc(HASH_BYTES));

const inTurn = createTurns(MOST_WAITING);

const derive = (password: string, options: Derivation): Promise<Buffer> => inTurn(() => deriveNow(password, options));

type Derivation = {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly bytes: number;
};

function deriveNow(password: string, { ln, r, p, salt, bytes }: Derivation): Promise<Buffer> {
  const N = 2 ** ln;
  // Node's own limit is a little less than what these parameters need.
  const settings: ScryptOptions = { N, r, p, maxmem: 128 * N * r + 1_000_000 * p };
  // The same letters may be typed as different characters, depending on the keyboard.
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, bytes, settings, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
