import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact, redactInTurns, redactSteps } from './redact-ticket.ts';
import { MAX_SLICE_LENGTH } from './redaction/find-in-slices.ts';
import type { Ticket } from './ticket.ts';
import { ticketText } from './ticket-text.ts';

const requester = { name: 'María-José Pomfret', email: 'g.pomfret@example.com', tier: 'pro' };
const redactBody = (body: string, ticket: Partial<Ticket> = {}) =>
  redact({ ticket: { id: 't', language: 'en', requester, ...ticket, body }, texts: [] }).ticket.body;

describe('e-mail addresses', () => {
  test.each([
    ['john.doe+shop@example.co.uk'],
    ['JOHN@EXAMPLE.COM'],
    ['john @ example.com'],
    ['john (at) example (dot) com'],
    ['john at example dot com'],
    ['john[at]example.com'],
    ['john&#64;example.com'],
    ['john&#x40;example&period;com'],
    ['john&amp;#64;example.com'],
    ['john%40example.com'],
    ['john%2540example.com'],
    ['jo\u200Bhn@exam\u00ADple.com'],
    ['ｊｏｈｎ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
    ['jöhn@exämple.de'],
    ['иван@пример.рф'],
    ['太郎@例え.jp'],
    ["o'brien@example.ie"],
    ['john@[192.168.1.1]'],
    ['ana at example.com'],
    ['ana.belmonte at mail.example.org'],
    ['ana [at] example [dot] com'],
    ['ana {at} example {dot} com'],
    ['ana @ example . com'],
    ['ana@example. com'],
    ['ana@ example .com'],
    ['ana arroba example punto com'],
    ['ana arroba example.com'],
    ['ana arobase example point fr'],
    ['ana klammeraffe example punkt de'],
    ['ana(at)example.com'],
    ['ana@\nexample.com'],
    ['ana@example.\ncom'],
    ['ana\n@example.com'],
    ['ana@exam\nple.com'],
    ['ana@exam=\nple.com'],
    ['ana@\n> example.com'],
    ['ana☆example.com'],
    ['ana アット example ドット com'],
  ])('%j', (address) => {
    expect(redactBody(`Write to ${address}, please`)).toBe('Write to [EMAIL_1], please');
  });

  test('end where a Japanese sentence continues', () => {
    expect(redactBody('連絡先はtaro@example.comです。')).toBe('連絡先は[EMAIL_1]です。');
  });

  test('are not handles, prices or code', () => {
    const text = 'Message @northnook, 3 @ $5 each, look at example two. Meet me at home. a@b';
    expect(redactBody(text)).toBe(text);
  });

  test.each([
    ['I signed in at northnook.example and bought two at shop.example.com'],
    ['Look at example.com, I was at home.It was late. Are you at amazon.de too?'],
    ['My account at northnook.example was answered at help.northnook.example'],
    ['It stopped at this point of sale. At this point I give up. I tried 5 times at this point to pay'],
    ['Find us @ northnook. Thanks'],
    ['Ask @northnook\nwww.example.com is down'],
    ['The shop ☆ best price. ☆☆☆ no stars'],
    ['arrive at 10.30 or at 3.pm'],
  ])('are not places and pages: %j', (body) => {
    expect(redactBody(body)).toBe(body);
  });

  test('have one placeholder for two spellings', () => {
    expect(redactBody('ana@example.com, ana at example.com, ana @ example . com, ana [at] example [dot] com')).toBe(
      '[EMAIL_1], [EMAIL_1], [EMAIL_1], [EMAIL_1]',
    );
  });
});

describe('phone numbers', () => {
  test.each([
    ['+49 30 901820'],
    ['+4930901820'],
    ['0049 30 901820'],
    ['030 901820'],
    ['030/901820'],
    ['(415) 555-2671'],
    ['415-555-2671'],
    ['415.555.2671'],
    ['555-123-4567'],
    ['1-800-555-0199'],
    ['+1 (415) 555-2671 ext. 12'],
    ['07700 900123'],
    ['+44 (0)20 7946 0958'],
    ['020 7946 0958'],
    ['600 123 456'],
    ['06 12 20 24 56'],
    ['06.12.20.24.56'],
    ['(11) 96123-4567'],
    ['03-1234-5678'],
    ['０３-１２３４-５６７８'],
    ['+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧'],
    ['+49\u00A030\u200B 90\u20111820'],
    ['&#43;49 30 901820'],
  ])('%s', (number) => {
    expect(redactBody(`Please ring ${number}, thanks`)).toBe('Please ring [PHONE_1], thanks');
    expect(redactBody(`Reg. the hub: ${number}\nthanks`)).toBe('Reg. the hub: [PHONE_1]\nthanks');
  });

  test.each([
    ['wa.me/', '491701234567'],
    ['https://wa.me/', '4915123456789', '?text=hi'],
    ['https://wa.me/+', '34612345678'],
    ['https://api.whatsapp.com/send?phone=', '34612345678', '&text=x'],
    ['https://api.whatsapp.com/send/?text=x&phone=', '5511961234567'],
    ['whatsapp://send?phone=', '447700900123'],
    ['tel:', '030901820'],
    ['tel:', '+49-30-901820'],
    ['<tel:', '+1-415-555-2671', '>'],
    ['sms:', '+34612345678'],
    ['https://t.me/+', '491701234567'],
    ['https://signal.me/#p/+', '491701234567'],
    ['viber://chat?number=%2B', '491701234567'],
  ])('in the link %s%s', (link, number, rest = '') => {
    const shown = redactBody(`Write to ${link}${number}${rest} please`) ?? '';
    expect(shown.replace(/[+]|%2B/g, '')).toBe(`Write to ${link.replace(/[+]|%2B/g, '')}[PHONE_1]${rest} please`);
  });

  test('have the same placeholder in a link and in text', () => {
    expect(redactBody('+49 170 1234567, https://wa.me/491701234567')).toBe('[PHONE_1], https://wa.me/[PHONE_1]');
  });

  test('have one placeholder for two spellings', () => {
    expect(redactBody('(415) 555-2671 or +1 415 555 2671 or 415.555.2671')).toBe('[PHONE_1] or [PHONE_1] or [PHONE_1]');
  });
});

describe('card and account numbers, IP addresses and credentials', () => {
  test.each([
    ['4111 1111 1111 1111', 'CARD'],
    ['4111-1111-1111-1111', 'CARD'],
    ['4111.1111.1111.1111', 'CARD'],
    ['4111111111111111', 'CARD'],
    ['4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', 'CARD'],
    ['3782 822463 10005', 'CARD'],
    ['5555555555554444', 'CARD'],
    ['DE89 3704 0044 0532 0130 00', 'IBAN'],
    ['de89370400440532013000', 'IBAN'],
    ['GB82-WEST-1234-5698-7654-32', 'IBAN'],
    ['FR14 2004 1010 0505 0001 3M02 606', 'IBAN'],
    ['ＤＥ８９ 3704 0044 0532 0130 00', 'IBAN'],
    ['192.168.1.17', 'IP'],
    ['192[.]168[.]1[.]17', 'IP'],
    ['2001:db8::8a2e:370:7334', 'IP'],
    ['2001:0DB8:85A3:0000:0000:8A2E:0370:7334', 'IP'],
    ['::ffff:10.0.0.1', 'IP'],
    ['sk-ant-api03-abcdefghijklmnop', 'CREDENTIAL'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'CREDENTIAL'],
  ])('%s is a %s', (value, kind) => {
    expect(redactBody(`Seen: ${value} on the bill`)).toBe(`Seen: [${kind}_1] on the bill`);
  });

  test('are found in URLs', () => {
    expect(redactBody('See https://bob:s3c@ret@host.example/a?x=1&access_token=abc.def&y=2#key=zzz')).toBe(
      'See https://[CREDENTIAL_1]@host.example/a?x=1&access_token=[CREDENTIAL_2]&y=2#key=[CREDENTIAL_3]',
    );
    expect(redactBody('https://x.example/reset/abcdef0123456789abcdef0123 expired')).toBe(
      'https://x.example/reset/[CREDENTIAL_1] expired',
    );
  });

  test('are found in sentences', () => {
    expect(redactBody('My password is Hunter22! and does not work')).toBe(
      'My password is [CREDENTIAL_1] and does not work',
    );
    expect(redactBody('The password is wrong, password: reset please')).toBe(
      'The password is wrong, password: reset please',
    );
  });
});

describe('the requester’s name', () => {
  test.each([
    ['María-José Pomfret'],
    ['MARIA JOSE POMFRET'],
    ['maria-jose, pomfret'],
    ['Pomfret'],
    ['pomfret'],
    ['María'],
    ['Mari\u0301a'],
    ['g.pomfret'],
    ['G. Pomfret'],
    ['Ｐｏｍｆｒｅｔ'],
    ['Pom\u200Bfret'],
  ])('%s', (name) => {
    expect(redactBody(`Regards, ${name}!`)).toBe('Regards, [NAME_1]!');
  });

  test('is found only as a whole word', () => {
    const text = 'Mariano and Josefina went to Pomfretshire';
    expect(redactBody(text)).toBe(text);
    expect(redactBody("Pomfret's order")).toBe("[NAME_1]'s order");
  });

  test('is found in scripts without spaces, and after an Arabic prefix', () => {
    expect(redactBody('私はPomfretです')).toBe('私は[NAME_1]です');
    expect(redactBody('山田太郎です', { requester: { name: '山田 太郎' } })).toBe('[NAME_1]です');
    expect(redactBody('أنا وأحمد', { requester: { name: 'أحمد علي' } })).toBe('أنا و[NAME_1]');
  });

  test('is not searched when it is a department or an ordinary word', () => {
    const text = 'The support team of billing: an info on orders von der Post';
    expect(redactBody(text, { requester: { name: 'Support Team', email: 'billing@example.com' } })).toBe(text);
    expect(redactBody(text, { requester: { name: 'Max von der Heide', email: 'info@example.com' } })).toBe(text);
  });

  test('may contain special characters of regular expressions', () => {
    expect(redactBody('It (was) fine. a.b|c', { requester: { name: 'A.*+?^$()|[]{}\\', email: '(((@x' } })).toBe(
      'It (was) fine. a.b|c',
    );
  });

  test('is also found when it is typed without its special letters', () => {
    const { texts } = redact({
      ticket: { id: 't', requester: { name: 'Jürgen Møller' } },
      texts: ['Juergen Moeller', 'Jurgen MOLLER', 'Jürgen Møller'],
    });
    for (const text of texts) expect(text).toMatch(/^\[NAME_\d\]$/);
  });

  test('is redacted, and so are the names of other known people', () => {
    const { texts } = redact({
      ticket: { id: 't', body: 'x' },
      texts: ['Yours, Gerald'],
      people: [{ name: 'Gerald Fox' }],
    });
    expect(texts).toEqual(['Yours, [NAME_1]']);
  });
});

describe('text that stays', () => {
  test.each([
    ['order #8842 and NN-48213, #NN-48213'],
    ['ticket T-123456, case C-2207715, serial NH2-0413-77QX, tracking PH1234567890'],
    ['order 4155552671, invoice no. 2026-001234, order number: 123-456-7890'],
    ['order 114-3941689-8664263'],
    ['paid $1,299.00, 12.99 EUR, € 1.299.000 and 4,155,552,671 USD'],
    ['on 2026-11-22 at 10:30, 22.11.2026, 11/22/2026, 22/11/26'],
    ['error E-31, 24 volts, 1080p, 2.4 GHz, IP65, USB 3.2, 0.5 mm'],
    ['firmware 3.12.0.4, version 10.0.19045.2006, std::vector, 12:30:45'],
    ['rooms 101, 102, 103, 104; sizes 10 20 30 40 50 60 70 80'],
    ['since 2019, 2020, 2021 and 2022'],
    ['20000000, 11111111111, timestamp 1763812800'],
    ['réquisition n° 2026/1187'],
    ['3 x 100 + 20 = 320; 1/2/3; 2 of 12'],
    ["what's the traffic at 3:30 on the route to phoenix"],
    ['https://wa.me/message/ABCDEF and https://t.me/northnook'],
  ])('%s', (text) => {
    expect(redactBody(text)).toBe(text);
  });
});

describe('placeholders', () => {
  test('are the same for the same value in subject, body and examples', () => {
    const result = redact({
      ticket: { id: 't', subject: 'From ana@example.com', body: 'ANA@example.com, bob@example.com' },
      texts: ['bob@example.com wrote', 'ana@example.com and c@example.com'],
    });
    expect(result.ticket).toMatchObject({ subject: 'From [EMAIL_1]', body: '[EMAIL_1], [EMAIL_2]' });
    expect(result.texts).toEqual(['[EMAIL_2] wrote', '[EMAIL_1] and [EMAIL_3]']);
    expect(result.restore('ask [EMAIL_2], not [EMAIL_9]')).toBe('ask bob@example.com, not [EMAIL_9]');
  });

  test('that the customer wrote are neither used nor restored', () => {
    const result = redact({ ticket: { id: 't', body: 'I am [EMAIL_1], write to ana@example.com' }, texts: [] });
    expect(result.ticket.body).toBe('I am [EMAIL_1], write to [EMAIL_2]');
    expect(result.restore('[EMAIL_1] [EMAIL_2]')).toBe('[EMAIL_1] ana@example.com');
  });

  test('are in the subject and body; other fields of the ticket are left out', () => {
    const { ticket } = redact({
      ticket: {
        id: 't',
        body: 'Hi, this is Ana',
        tags: ['from-ana@example.com'],
        requester: { name: 'Ana Belmonte', email: 'ana@example.com', attributes: { phone: '+49 30 901820' } },
        source: { connector: 'desk', externalId: '1', url: 'https://desk.example/?token=abc' },
      },
      texts: [],
    });
    expect(ticket).toEqual({ body: 'Hi, this is [NAME_1]' });
  });

  test('of people who are only in the examples are never restored', () => {
    const { texts, restore } = redact({
      ticket: { id: 't', body: 'Charged twice, write to ana@example.com' },
      texts: ['bob@example.com and Gerald wrote', 'ask ana@example.com'],
      people: [{ name: 'Gerald Fox' }],
    });
    expect(texts).toEqual(['[EMAIL_2] and [NAME_1] wrote', 'ask [EMAIL_1]']);
    expect(restore('[EMAIL_1] is like [NAME_1], [EMAIL_2]')).toBe('ana@example.com is like [NAME_1], [EMAIL_2]');
  });

  test('are made from the text of HTML, so that tags hide nothing', () => {
    const { body } = ticketText({ id: 't', body: '<p>Write to jo<b>hn</b>@exam<i>ple</i>.com<br>It is broken.</p>' });
    expect(redactBody(body)).toBe('Write to [EMAIL_1]\nIt is broken.');
  });

  test('leave tags and entities that the customer shows as they are', () => {
    const shown =
      '<div>We embed &lt;p&gt;hello&lt;/p&gt; and &lt;br&gt;, and the page shows &amp;eacute; to a@b.example</div>';
    const { body } = ticketText({ id: 't', body: shown });
    expect(redactBody(body)).toBe('We embed <p>hello</p> and <br>, and the page shows &eacute; to [EMAIL_1]');
  });
});

// Identifiers in many formats, anywhere in a request.

type Planted = { readonly text: string; readonly secret: string };

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const luhnDigit = (body: string) => {
  const sum = [...body].toReversed().reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return String((10 - (sum % 10)) % 10);
};
const grouped = (text: string, sizes: readonly number[], separator: string) => {
  const parts: string[] = [];
  let at = 0;
  for (const size of sizes) {
    parts.push(text.slice(at, at + size));
    at += size;
  }
  return parts.join(separator);
};
const separator = fc.constantFrom('', ' ', '-', '.', '\u00A0', '\u2011', '–');

const card: fc.Arbitrary<Planted> = fc
  .tuple(fc.constantFrom('4', '51', '55', '2221'), digits(15), separator)
  .map(([prefix, rest, between]) => {
    const body = `${prefix}${rest}`.slice(0, 15);
    const secret = body + luhnDigit(body);
    return { text: grouped(secret, [4, 4, 4, 4], between), secret };
  });
const iban: fc.Arbitrary<Planted> = fc.tuple(digits(18), separator).map(([account, between]) => {
  // Check digits by ISO 13616: 98 minus the remainder of the number with 00 in their place; D is 13, E is 14.
  const check = String(98n - (BigInt(`${account}131400`) % 97n)).padStart(2, '0');
  const secret = `DE${check}${account}`;
  return { text: grouped(secret, [4, 4, 4, 4, 4, 2], between), secret };
});
const email: fc.Arbitrary<Planted> = fc
  .tuple(
    fc.stringMatching(/^[a-z]{2,8}(?:[._+-][a-z0-9]{1,6})?$/),
    fc.stringMatching(/^[a-z]{3,10}$/),
    fc.constantFrom('com', 'co.uk', 'de', 'example'),
  )
  .map(([local, domain, end]) => ({ text: `${local}@${domain}.${end}`, secret: `${local}@${domain}` }));
const phone: fc.Arbitrary<Planted> = fc.oneof(
  fc.tuple(fc.constantFrom('30', '40', '89'), digits(7), separator).map(([area, rest, between]) => ({
    text: `+49${between === '' ? '' : ' '}${area}${between}${rest}`,
    secret: `49${area}${rest}`,
  })),
  fc
    .tuple(fc.constantFrom('212', '415', '646'), digits(6), fc.constantFrom('-', '.', ' '))
    .map(([area, rest, between]) => ({
      text: `(${area}) 2${rest.slice(0, 2)}${between}${rest.slice(2)}`,
      secret: `${area}2${rest}`,
    })),
  fc.tuple(fc.constantFrom('+33 6', '+34 6', '+44 7'), digits(9)).map(([prefix, rest]) => {
    const own = prefix === '+44 7' ? `4${rest}`.slice(0, 9) : `1${rest}`.slice(0, 8);
    return { text: `${prefix}${own}`, secret: prefix.replace(/\D/g, '') + own };
  }),
);
const address: fc.Arbitrary<Planted> = fc.oneof(
  fc.ipV4().map((text) => ({ text, secret: text })),
  fc
    .tuple(digits(3), fc.stringMatching(/^[a-f0-9]{4}$/))
    .map(([a, b]) => ({ text: `2001:db8::${a}:${b}`, secret: `2001:db8::${a}:${b}` })),
);
const credential: fc.Arbitrary<Planted> = fc
  .stringMatching(/^[A-Za-z0-9]{12,20}$/)
  .chain((secret) =>
    fc.constantFrom(
      { text: `https://user:${secret}@host.example/x`, secret },
      { text: `https://host.example/x?a=1&token=${secret}&b=2`, secret },
      { text: `https://host.example/#access_token=${secret}`, secret },
    ),
  );
const name: fc.Arbitrary<Planted> = fc
  .constantFrom('Zebulon', 'Quackenbush', 'Zebulon Quackenbush', 'zebulon quackenbush', 'Zébulon')
  .map((text) => ({
    text,
    secret: 'uackenbus',
  }));

/** The same text, changed in a way that a reader does not notice. */
const disguise = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.replace(/[!-~]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0)),
  (text) => [...text].join('\u200B'),
  (text) => [...text].join('\u2060'),
  (text) => text.replace(/[@.+:0-9]/g, (character) => `&#${character.codePointAt(0)};`),
  (text) => text.replace(/[@.]/g, (character) => `&#x${character.codePointAt(0)?.toString(16)};`),
  (text) => text.replace(/[aeiou]/g, (vowel) => `${vowel}\u0301`),
);
const isAsciiOnly = (text: string) => /^[\x20-\x7e]*$/.test(text);

const planted = fc
  .tuple(fc.oneof(card, iban, email, phone, address, name), disguise)
  .map(([{ text, secret }, hide]) => ({ text: isAsciiOnly(text) ? hide(text) : text, secret }));
const item = fc.oneof({ weight: 6, arbitrary: planted }, { weight: 1, arbitrary: credential });
const words = fc.constantFrom(
  'Hello, my hub is red. ',
  'Order #8842 of 2026-11-22: ',
  'Please call ',
  '電話は',
  '\n\n',
  'cost $12.99; ',
  'mail ',
  '“',
  ' (',
  'NN-48213 ',
);

/** Undoes every change that could hide an identifier, for comparison. */
function bare(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u200b\u2060]/g, '')
    .toLowerCase();
}
const digitsOf = (text: string) => text.replace(/\D/g, '');

test('a letter at the end of a code does not call the card number after it a version', () => {
  const body = 'https://host.example/#access_token=51ld7ROEvn25UnrJ9v and “4000000000000002”';
  const { ticket } = redact({ ticket: { id: 't', language: 'en', body }, texts: [] });
  expect(ticket.body).toBe('https://host.example/#access_token=[CREDENTIAL_1] and “[CARD_1]”');
});

test('no identifier is left in the redacted request, in any format and at any place', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ before: words, item, place: fc.constantFrom('subject', 'body', 'example', 'rationale') }), {
        minLength: 1,
        maxLength: 6,
      }),
      (plants) => {
        const texts = { subject: '', body: '', example: '', rationale: '' };
        for (const { before, item: plant, place } of plants) texts[place] += `${before}${plant.text} and `;
        const request = {
          ticket: {
            id: 't',
            language: 'en',
            subject: texts.subject,
            body: texts.body,
            requester: { name: 'Zebulon Quackenbush', email: 'z.quack@example.com' },
          },
          texts: [texts.example, texts.rationale],
        };
        const result = redact(request);
        const sent = [result.ticket.subject ?? '', result.ticket.body ?? '', ...result.texts];
        for (const text of sent) {
          const shown = bare(text);
          for (const { item: plant } of plants) {
            const secret = bare(plant.secret);
            expect(shown).not.toContain(secret);
            const secretDigits = digitsOf(secret);
            if (secretDigits.length >= 9)
              expect(digitsOf(shown.replace(/\[[a-z]+_\d+\]/g, ' '))).not.toContain(secretDigits);
          }
        }
        // The text around the identifiers stays.
        expect(sent.join('').includes('#8842')).toBe(Object.values(texts).join('').includes('#8842'));
        expect(sent.join('').includes('NN-48213')).toBe(Object.values(texts).join('').includes('NN-48213'));
        expect(sent.join('').includes('$12.99')).toBe(Object.values(texts).join('').includes('$12.99'));
      },
    ),
    { numRuns: 600 },
  );
});

test('restoring the redacted text returns the first spelling of each value', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(words, email), { maxLength: 5 }), (parts) => {
      const body = parts.map(([before, { text }]) => `${before} ${text} `).join('');
      const result = redact({ ticket: { id: 't', subject: 's', body }, texts: [] });
      expect(result.restore(result.ticket.body ?? '')).toBe(body);
    }),
  );
});

test('words within a mail address say nothing about a number near it', () => {
  const body = 'My mail is jo@ref.example, and aa@order.de ( 4000000000000002 )';
  const redacted = redact({ ticket: { id: 't', language: 'en', subject: 's', body }, texts: [] });
  expect(redacted.ticket.body).toContain('( [CARD_1] )');
});

test('redacting again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(words, item), { maxLength: 5 }), (parts) => {
      const body = parts.map(([before, { text }]) => `${before} ${text} `).join('');
      const ticket = { id: 't', language: 'en', subject: 's', body, requester };
      const once = redact({ ticket, texts: [] }).ticket.body ?? '';
      expect(redact({ ticket: { ...ticket, body: once }, texts: [] }).ticket.body).toBe(once);
    }),
  );
});

const repeated = (text: string) => text.repeat(Math.ceil(200_000 / text.length)).slice(0, 200_000);
test.each(
  [
    '1 ',
    '1',
    '1-',
    '1.1.',
    '(0',
    '+49 ',
    '0049 30 901820 ',
    '+1 415 555 2671 ',
    '12345678 ',
    '@',
    'a@',
    'a@a.',
    'a at b dot ',
    '::',
    'f:f:',
    'https://a:b',
    '?token=',
    'key=a&',
    'de89',
    '4111 1111 1111 1111 ',
    'pomfret ',
    'maria-',
    'password is ',
    'eyja',
    '&#',
    '&amp;',
    '%25',
    '\u200B',
    '\u0301',
    'ﷺ',
    '[EMAIL_1]',
    '$1,000 ',
    '2026-11-22 ',
    'call me at ',
    '1a',
    '電話は03-1234-5678',
    '(at) ',
    '\uD800',
  ].map((text) => [text, repeated(text)]),
)('200,000 characters of %j are processed in time', (_, body) => {
  expect(redactBody(body)).toBeTypeOf('string');
});

test('any text can be redacted, and nothing outside the identifiers is lost or moved', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({
      unit: fc.constantFrom('@', '.', ' ', ':', '=', '/', '-', '+', '0', '7', 'a', 'Z', '"', '\n', '\0', '\uD800', 'ﷺ'),
    }),
    fc.constantFrom(
      'password ',
      'password is ',
      'DB_PASSWORD=',
      'パスワードは',
      'كلمة المرور هي ',
      '-----BEGIN PRIVATE KEY-----\n',
      'eyJhbGciOiJIUzI1NiJ9.',
      'ana at example.com',
      '&#64;',
      '%40',
      'wa.me/',
      '[EMAIL_1]',
      'x'.repeat(5_000),
    ),
    item.map(({ text }) => text),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (body, other) => {
      const result = redact({ ticket: { id: 't', body: `.${body}`, requester }, texts: [other] });
      for (const [original, shown] of [
        [`.${body}`, result.ticket.body ?? ''],
        [other, result.texts[0] ?? ''],
      ] as const) {
        let at = 0;
        for (const kept of shown.split(/\[[A-Z]+_\d+\]/)) {
          const found = original.indexOf(kept, at);
          expect(found).toBeGreaterThanOrEqual(at);
          at = found + kept.length;
        }
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['only digits', '0123456789'.repeat(20_000)],
  ['a thousand addresses', Array.from({ length: 1_000 }, (_, i) => `user${i}@shop${i}.example`).join(' ')],
])('redacting %s with pauses gives the same result as at once', async (_, body) => {
  const request = { ticket: { id: 't', body, requester }, texts: [body.slice(0, 9_000)] };
  const atOnce = redact(request);
  const inTurns = await redactInTurns(request);
  expect(inTurns.ticket).toEqual(atOnce.ticket);
  expect(inTurns.texts).toEqual(atOnce.texts);
});

test('a text of any length is redacted in steps of limited length', () => {
  const body = `${'+49 30 901820, ana@example.com; '.repeat(3_000)}${'A1b2'.repeat(20_000)}`;
  const steps = redactSteps({ ticket: { id: 't', body }, texts: [body] });
  const weights: number[] = [];
  for (let step = steps.next(); !step.done; step = steps.next()) weights.push(step.value);
  expect(Math.max(...weights)).toBeLessThanOrEqual(MAX_SLICE_LENGTH);
  expect(weights.length).toBeGreaterThan((2 * body.length) / MAX_SLICE_LENGTH);
});
