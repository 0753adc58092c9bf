// POST /v1/try on the real app: what it shows is what the engine would use, and nothing is stored.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { problemSchema, trialSchema } from '../src/http/contract.ts';
import { runMain } from './cli-harness.ts';
import { postJson, startService, type TestService } from './http-harness.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => service?.[Symbol.asyncDispose]());

const text = 'I was charged twice for my order, write to ana.lopez@example.com';
const tryIt = async (body: unknown) => (await postJson(`${service.url}/v1/try`, body)).json();

test('shows the decision, the parts, the rules up to the one that fires, and the request', async () => {
  const { result, rules, request, requestMissing } = trialSchema.parse(
    await tryIt({ body: `${text}\n\n-- \nAna Lopez\nAcme Ltd` }),
  );
  expect(result.delivery).toMatchObject({ state: 'skipped' });
  expect(result.parts.map(({ kind }) => kind)).toContain('signature');
  const last = rules.at(-1);
  expect(last?.matches === true ? last.name : 'triage').toBe(last?.matches === true ? result.decision.rule : 'triage');
  expect(rules.slice(0, -1).every(({ matches }) => !matches)).toBe(true);
  expect(requestMissing).toBeNull();
  expect(request).toMatchObject({ redacted: true, isSent: false, messages: [{ role: 'user' }] });
  expect(request?.messages[0]?.content).toContain('charged twice');
  expect(request?.messages[0]?.content).not.toContain('ana.lopez@example.com');
  expect(request?.tokens.system).toBeGreaterThan(100);
  expect((await service.app.store.tickets.list()).items).toEqual([]);
});

test('the request is the one that "switchboard prompt" prints', async () => {
  const { request } = trialSchema.parse(await tryIt({ id: 'ticket', body: text }));
  const printed = await runMain(['prompt', '--text', text], { cwd: service.dir });
  const { system, messages, model } = JSON.parse(printed.stdout);
  expect(request).toMatchObject({ model, system: system[0].text, messages });
});

test('of automatic mail there is no request, with the reason', async () => {
  const trial = trialSchema.parse(
    await tryIt({
      subject: 'Automatic reply: Out of office',
      body: 'I am out of the office until Monday.',
      automatic: true,
    }),
  );
  expect(trial.request).toBeNull();
  expect(trial.requestMissing).toMatch(/^No engine was asked\./);
  expect(trial.result.automatic).not.toBeNull();
});

test('a ticket without words is refused as by /v1/route', async () => {
  expect(problemSchema.parse(await tryIt({}))).toMatchObject({ status: 400, code: 'invalid-input' });
});

test('no copy is made of the ticket, so that it is read once and the engine that has decided it gives the hint', async () => {
  const { app } = service;
  const classify = vi.spyOn(app.classifier, 'classify');
  const ticket = { id: 'the-one', body: text };
  const { result, request } = await app.tryTicket(ticket);
  expect(classify).toHaveBeenCalledTimes(1);
  expect(classify.mock.calls[0]?.[0].ticket).toBe(ticket);
  expect([result.ticketId, request?.messages.length]).toEqual(['the-one', 1]);
  classify.mockRestore();
});
