import i18next from 'i18next';
import { expect, test } from 'vitest';
import en from '../texts/en.ts';
import { nameActor } from './actor-name.ts';

const texts = i18next.createInstance();
await texts.init({ lng: 'en', resources: { en: { translation: en } } });

test('users and who came without signing in have their id alone, others say what they are', () => {
  const name = (kind: 'user' | 'token' | 'connector', id: string) => nameActor({ kind, id }, texts.t);
  expect(name('user', 'ana')).toBe('ana');
  expect(name('token', 'local')).toBe('local');
  expect(name('token', 'crm')).toBe('token crm');
  expect(name('connector', 'desk')).toBe('connector desk');
});
