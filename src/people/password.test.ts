import { expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { assertPassword, hashPassword, isPassword } from './password.ts';

const password = 'correct horse battery';

test('a hash says how it was made, differs each time, and fits its password alone', async () => {
  const [one, other] = [await hashPassword(password), await hashPassword(password)];
  expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(other).not.toBe(one);
  expect(await isPassword(password, one)).toBe(true);
  for (const wrong of ['', `${password} `, 'Correct horse battery']) {
    expect([wrong, await isPassword(wrong, one)]).toEqual([wrong, false]);
  }
});

test('letters that look the same are the same, however the keyboard writes them', async () => {
  expect(await isPassword('schöne grüße an alle', await hashPassword('scho\u0308ne gru\u0308ße an alle'))).toBe(true);
});

test('without a hash, or with one that cannot be read, no password fits', async () => {
  for (const stored of [null, '', '$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA']) {
    expect([stored, await isPassword(password, stored)]).toEqual([stored, false]);
  }
});

test('it takes about as long to find that there is no such user as that a password is wrong', async () => {
  const stored = await hashPassword(password);
  const timeOf = async (hash: string | null) => {
    const times: number[] = [];
    for (let round = 0; round < 2; round++) {
      const start = performance.now();
      await isPassword('wrong', hash);
      times.push(performance.now() - start);
    }
    return Math.min(...times);
  };
  const [wrong, nobody] = [await timeOf(stored), await timeOf(null)];
  expect(nobody / wrong).toBeGreaterThan(0.5);
  expect(nobody / wrong).toBeLessThan(2);
});

test.each([
  ['short', 'has 5 characters and needs at least 12'],
  ['aaaaaaaaaaaab', 'fewer than 5 different characters'],
  ['ana.weiss-ana.weiss-1', 'hardly more than the name'],
])('%s is not taken as a password', (text, fault) => {
  const refused = () => assertPassword(text, { userId: 'ana.weiss' });
  expect(refused).toThrow(InputError);
  expect(refused).toThrow(fault);
});
