import { expect, test } from 'vitest';
import { ClassifierError } from '../errors.ts';
import { shopIntents, smallTaxonomy } from '../testing/small-taxonomy.ts';
import type { Classifier } from './classifier.ts';
import { skipAutomatic } from './skip-automatic.ts';

const taxonomy = smallTaxonomy(shopIntents);
const silent: Classifier = {
  id: 'silent',
  classify: () => Promise.reject(new ClassifierError({ classifier: 'silent', message: 'asked', retryable: false })),
};
const classify = (subject: string, body: string) =>
  skipAutomatic(silent).classify({ ticket: { id: 't', subject, body }, taxonomy });

test.each([
  ['Automatic reply: Your order', 'I am out of the office until Monday. In urgent cases call my colleague.'],
  ['Automatische Antwort: Ihre Bestellung', 'Ich bin nicht im Büro. In dringenden Fällen hilft Frau Sand.'],
  ['Undelivered Mail Returned to Sender', 'Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1'],
])('asks no engine about "%s"', async (subject, body) => {
  expect(await classify(subject, body)).toMatchObject({
    intent: null,
    abstained: true,
    stage: 'none',
    urgency: 'normal',
    costUsd: 0,
    abstainReason: expect.stringMatching(/^(?:An automatic reply|A mail server)/),
  });
});

test('asks the engine about what a person wrote', async () => {
  await expect(classify('Out of stock?', 'Is the camera out of stock?')).rejects.toThrow('asked');
});
