import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CriterionResult } from '../score/evaluation-result.ts';
import { renderJunit } from './junit.ts';

/** https://www.w3.org/TR/xml/#NT-Char */
function isXmlCharacter(code: number): boolean {
  return (
    [0x9, 0xa, 0xd].includes(code) ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}

function render(why: string, status: CriterionResult['status'] = 'missed'): string {
  const criterion: CriterionResult = {
    id: 'routing-accuracy',
    status,
    passed: status === 'passed',
    required: true,
    value: 0.5,
    low: 0.4,
    high: 0.6,
    target: 0.95,
    certain: true,
    n: 10,
    why,
    needs: null,
    failed: [why],
    details: {},
  };
  return renderJunit({ run: why, criteria: [criterion] });
}

const readEscapes = (text: string) =>
  text
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');

const messageOf = (xml: string) => readEscapes(/message="([^"]*)"/.exec(xml)?.[1] ?? '');

test.each(['\ufffe', '\uffff', '\u0000', '\u001b', '\ud800', '\udfff', '\b'])(
  'a character that XML forbids is replaced: %j',
  (character) => {
    expect(messageOf(render(`a${character}b`))).toBe('a\ufffdb');
  },
);

test('a text that XML allows comes back whole, line breaks and markup included', () => {
  const text = 'a\tb\r\nc ]]> <&">\u0085 \u{1F600} &#10; é';
  expect(messageOf(render(text))).toBe(text);
});

test('no text makes a character or a tag that XML forbids', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('missed', 'passed'), (text, status) => {
      const xml = render(text, status);
      expect(Array.from(xml, (c) => c.codePointAt(0) ?? 0).every(isXmlCharacter)).toBe(true);
      expect(xml.match(/<\w+/g)).toEqual(render('plain', status).match(/<\w+/g));
      expect(xml).not.toMatch(/&(?!(?:amp|lt|gt|quot|#\d+);)/);
    }),
  );
});
