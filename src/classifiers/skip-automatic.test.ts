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

test.each(['', '(no subject)', 'Kein Betreff'])(
  'asks no engine about files without words, with the subject "%s"',
  async (subject) => {
    const ticket = { id: 't', subject, body: '', attachments: 2 };
    expect(await skipAutomatic(silent).classify({ ticket, taxonomy })).toMatchObject({
      abstained: true,
      stage: 'none',
      abstainReason: expect.stringMatching(/attachments and no words/),
    });
  },
);

test('asks the engine about files with a subject that says something', async () => {
  const ticket = { id: 't', subject: 'Invoice for order NN-10332', body: '', attachments: 1 };
  await expect(skipAutomatic(silent).classify({ ticket, taxonomy })).rejects.toThrow('asked');
});
