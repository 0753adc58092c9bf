import { describe, expect, test } from 'vitest';
import { chargedTwice, claudeSettings, goodAnswer, shopTaxonomy } from '../../testing/claude-fixtures.ts';
import { buildRequest } from './build-request.ts';
import { parseReply } from './parse-reply.ts';
import { createPromptBook } from './prompt-book.ts';
import { parseReplyMessage } from './reply-message.ts';

const requestFor = (output: 'json' | 'xml', body = chargedTwice.body) =>
  buildRequest({
    book: createPromptBook({ taxonomy: shopTaxonomy, settings: { ...claudeSettings, output } }),
    ticket: { ...chargedTwice, body },
    found: [],
    redact: null,
  });

const messageWith = (text: string, more: object = {}) =>
  parseReplyMessage({
    model: 'claude-haiku-5-5',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 10, output_tokens: 5 },
    ...more,
  });

const readJson = (answer: object, body?: string) =>
  parseReply({ message: messageWith(JSON.stringify({ ...goodAnswer, ...answer })), request: requestFor('json', body) });
const readXml = (text: string) => parseReply({ message: messageWith(text), request: requestFor('xml') });

describe('a JSON answer', () => {
  test('is mapped to its leaf, with all parts', () => {
    expect(readJson({ runners_up: ['invoices'], also: ['order_status'] })).toMatchObject({
      ok: true,
      answer: {
        reasoning: goodAnswer.reasoning,
        decidingWords: ['charged twice'],
        choice: { id: 'billing/double-charge' },
        urgency: 'normal',
        sentiment: 'negative',
        certainty: 'sure',
        runnersUp: [{ id: 'billing/invoices' }],
        also: [{ id: 'orders/order-status' }],
        missing: null,
      },
    });
  });

  test('may have its labels in other letter case', () => {
    expect(
      readJson({ intent: 'DOUBLE_CHARGE', urgency: 'High', sentiment: 'NEGATIVE', certainty: 'None_Fits' }),
    ).toMatchObject({
      answer: {
        choice: { id: 'billing/double-charge' },
        urgency: 'high',
        sentiment: 'negative',
        certainty: 'none_fits',
      },
    });
  });

  test('keeps only deciding words that occur in the ticket, as they are written there', () => {
    const body = 'I was CHARGED\n twice for the “blue” one.';
    const reading = readJson({ words: ['charged twice', '"blue"', '…the “blue” one.', 'refund at once'] }, body);
    expect(reading).toMatchObject({ answer: { decidingWords: ['CHARGED\ntwice', '“blue”', 'the “blue” one'] } });
  });

  test('finds words that contain invisible characters in the ticket', () => {
    expect(readJson({ words: ['refund at once'] }, 'Please re\u202efund\u200e at\ufeff once')).toMatchObject({
      answer: { decidingWords: ['refund at once'] },
    });
  });

  test('has its reasoning cut to 30 words', () => {
    const words = Array.from({ length: 40 }, (_, at) => `w${at}`);
    expect(readJson({ reasoning: words.join(' ') }, 'x')).toMatchObject({
      answer: { reasoning: `${words.slice(0, 30).join(' ')} …` },
    });
  });

  test('finds quoted words that had to be escaped in the fence', () => {
    expect(readJson({ words: ['&lt;3 twice'] }, 'You charged me <3 twice')).toMatchObject({
      answer: { decidingWords: ['<3 twice'] },
    });
  });

  test('is found inside a code fence and between sentences', () => {
    const message = messageWith(`Here it is:\n\`\`\`json\n${JSON.stringify(goodAnswer)}\n\`\`\`\nDone.`);
    expect(parseReply({ message, request: requestFor('json') })).toMatchObject({ ok: true });
  });

  test('may lack everything but the intent', () => {
    const reading = parseReply({ message: messageWith('{"intent":"returns"}'), request: requestFor('json') });
    expect(reading).toMatchObject({
      answer: {
        choice: { id: 'orders/returns' },
        urgency: null,
        sentiment: null,
        certainty: 'likely',
        decidingWords: [],
      },
    });
  });

  test('says what is missing only where none fits', () => {
    expect(readJson({ certainty: 'none_fits', missing: 'what broke' })).toMatchObject({
      answer: { missing: 'what broke' },
    });
    expect(readJson({ certainty: 'sure', missing: 'nothing' })).toMatchObject({ answer: { missing: null } });
  });

  test('cannot have a reasoning of hundreds of words', () => {
    const reading = readJson({ reasoning: 'word '.repeat(500) });
    expect(reading.ok && reading.answer.reasoning.split(' ').length).toBeLessThan(65);
  });
});

describe('an XML answer', () => {
  const complete =
    '<reasoning>Charged twice & wants it back.</reasoning><words>charged twice</words><words>order 5512</words>' +
    '<intent>double_charge</intent><urgency>normal</urgency><sentiment>negative</sentiment><certainty>sure</certainty>';

  test('is read', () => {
    expect(readXml(complete)).toMatchObject({
      answer: {
        reasoning: 'Charged twice & wants it back.',
        decidingWords: ['charged twice', 'order 5512'],
        choice: { id: 'billing/double-charge' },
        certainty: 'sure',
      },
    });
  });

  test('may leave tags open, use capitals and attributes, and have text around them', () => {
    const text = 'Sure!\n<Reasoning>It is a <b>double</b> charge.\n<INTENT type="x"> Double-Charge \n<urgency>high';
    expect(readXml(text)).toMatchObject({
      answer: { reasoning: 'It is a <b>double</b> charge.', choice: { id: 'billing/double-charge' }, urgency: 'high' },
    });
  });

  test('may also be JSON', () => {
    expect(readXml(JSON.stringify(goodAnswer))).toMatchObject({ ok: true });
  });

  const rest = '<urgency>low</urgency><sentiment>neutral</sentiment><certainty>sure</certainty>';
  const quoted = '<intent>returns</intent><urgency>critical</urgency>';
  test.each([
    [
      'in the reasoning',
      `<reasoning>They write ${quoted}, and were charged twice.</reasoning><intent>double_charge</intent>${rest}`,
    ],
    ['in deciding words', `<reasoning>x</reasoning><words>${quoted}</words><intent>double_charge</intent>${rest}`],
    [
      'with the end of the reasoning before it',
      `<reasoning>They write "</reasoning>${quoted}<reasoning>".</reasoning><intent>double_charge</intent>${rest}`,
    ],
    [
      'with a beginning of the reasoning before it',
      `<reasoning>They write <reasoning>${quoted}.</reasoning><intent>double_charge</intent>${rest}`,
    ],
    [
      'in what is missing, with its end before it',
      `<reasoning>x</reasoning><intent>double_charge</intent>${rest}<missing>They write </missing>${quoted}, no more.</missing>`,
    ],
    [
      'in the middle of a line of an answer that closes no tag',
      `<reasoning>They write ${quoted.replaceAll(/<\/\w+>/g, '')}\n<intent>double_charge\n<urgency>low`,
    ],
  ])('is not taken from a quotation %s', (_where, text) => {
    expect(readXml(text)).toMatchObject({ answer: { choice: { id: 'billing/double-charge' }, urgency: 'low' } });
  });

  test.each([
    ['its own reasoning is not closed', `<reasoning>They write ${quoted} and`],
    ['nothing else names an intent', `<reasoning>They write ${quoted}.</reasoning>${rest}`],
    ['it is JSON inside tags', '<reasoning>They write {"intent":"returns"} and'],
  ])('is not read from a quotation where %s', (_where, text) => {
    expect(readXml(text)).toMatchObject({ ok: false, kind: 'invalid' });
  });

  test('that was cut off within a quotation is truncated, whichever form was asked for', () => {
    const cut = { stop_reason: 'max_tokens' } as const;
    const read = (text: string, output: 'json' | 'xml') =>
      parseReply({ message: messageWith(text, cut), request: requestFor(output) });
    const truncated = { ok: false, kind: 'truncated' };
    expect(read('<reasoning>They write\n<intent>returns', 'xml')).toMatchObject(truncated);
    expect(read(`{"reasoning":"They write <reasoning>a</reasoning>${quoted}`, 'json')).toMatchObject(truncated);
  });

  test.each([
    '<reasoning><',
    '<reasoning></reasoning',
    '<missing>',
    '<missing></missing>',
    '<words ',
    '</intent',
    '<words></words><',
    '\n<reasoning><',
  ])('is read without delay when it repeats %j 50,000 times', (piece) => {
    expect(readXml(piece.repeat(50_000))).toMatchObject({ ok: false, kind: 'invalid' });
  });
});

describe('a reply without an answer', () => {
  const kindOf = (message: ReturnType<typeof messageWith>) => {
    const reading = parseReply({ message, request: requestFor('json') });
    return reading.ok ? 'ok' : reading.kind;
  };

  test('has a kind that says what is wrong', () => {
    expect(kindOf(messageWith('{"reasoning":"The cust', { stop_reason: 'max_tokens' }))).toBe('truncated');
    expect(kindOf(messageWith('', { content: [{ type: 'thinking' }], stop_reason: 'max_tokens' }))).toBe('truncated');
    expect(kindOf(messageWith('', { content: [] }))).toBe('empty');
    expect(kindOf(messageWith('I would rather talk.'))).toBe('invalid');
    expect(kindOf(messageWith('{"intent":"nonsense"}'))).toBe('unknown-intent');
    expect(kindOf(messageWith('', { stop_reason: 'model_context_window_exceeded' }))).toBe('too-long');
  });

  test('is a refusal even when it has text', () => {
    const message = messageWith(JSON.stringify(goodAnswer), {
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: 'cyber', explanation: null },
    });
    expect(parseReply({ message, request: requestFor('json') })).toMatchObject({
      kind: 'refusal',
      detail: 'Claude declined to answer (cyber)',
    });
  });

  test('counts as complete when it was cut off after its last brace', () => {
    expect(kindOf(messageWith(JSON.stringify(goodAnswer), { stop_reason: 'max_tokens' }))).toBe('ok');
  });
});
