import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_PARSED_TAGS, splitHtml } from './html/read-html.ts';
import { ticketText, ticketTextsInTurns } from './ticket-text.ts';

const bodyOf = (body: string, subject = 'Help') => ticketText({ subject, body }).body;

describe('plain text', () => {
  test('is the subject and, on the next line, the body', () => {
    expect(ticketText({ subject: 'Hub', body: 'Red light' })).toMatchObject({
      subject: 'Hub',
      body: 'Red light',
      text: 'Hub\nRed light',
    });
    expect(ticketText({ body: 'Red light' }).text).toBe('Red light');
    expect(ticketText({ subject: 'Red light' }).text).toBe('Red light');
  });

  test('has no reply prefixes in the subject, unless there is nothing else', () => {
    expect(ticketText({ subject: 'Re: AW: Fwd: Lamp' }).subject).toBe('Lamp');
    expect(ticketText({ subject: 'Re:' }).subject).toBe('Re:');
  });

  test('of many tickets with pauses is the same as of each alone', async () => {
    const tickets = ['Hub', '<p>Red</p>', 'x '.repeat(9_000)].map((body, at) => ({ id: `t-${at}`, body }));
    expect(await ticketTextsInTurns(tickets)).toEqual(tickets.map((ticket) => ticketText(ticket)));
  });

  test('keeps angle brackets that are not HTML', () => {
    expect(bodyOf('I <3 it, but x < 5 and <serial number> is missing')).toBe(
      'I <3 it, but x < 5 and <serial number> is missing',
    );
  });

  test('has no invisible characters and no unneeded white space', () => {
    expect(bodyOf('pass\u200Bword\u00AD  reset\r\n\r\n\r\n\r\nplease\u0007')).toBe('password reset\n\nplease');
  });
});

describe('HTML', () => {
  test('becomes its visible text, without style, script, addresses and file names', () => {
    const html =
      '<html><head><style>p{color:red}</style><title>x</title></head><body><p>Hello <b>there</b>,<br>my <a href="https://x.example/z">order</a> &amp; it&#39;s late</p><script>alert(1)</script><img src="https://x.example/pixel.png"></body></html>';
    expect(bodyOf(html)).toBe("Hello there,\nmy order & it's late");
  });

  test('keeps a space between the cells of a table', () => {
    expect(bodyOf('<table><tr><td>Order</td><td>NN-48213</td></tr></table>')).toBe('Order NN-48213');
  });

  test('loses the quoted thread of a mail program', () => {
    const html =
      '<div>Please cancel my order number 5, it came too late.</div><div class="gmail_quote">On Mon, Nov 2, 2026 at 9:00 AM Ann &lt;ann@shop.example&gt; wrote:<blockquote>How can we <p>help?</p></blockquote></div>';
    expect(bodyOf(html)).toBe('Please cancel my order number 5, it came too late.');
  });

  test('with only a picture becomes the address of the picture', () => {
    expect(bodyOf('<p><img src="https://x.example/broken-hub.jpg"></p>')).toBe('https://x.example/broken-hub.jpg');
  });

  test('with more tags than the limit keeps its text, and the library parses no more than the limit', () => {
    const words = Array.from({ length: 15_000 }, (_, i) => `w${i}`);
    const html = words.map((word) => `<b>${word}</b>`).join(' ');
    expect(bodyOf(html).split(/\s+/)).toEqual(words);
    const { parsed, rest } = splitHtml(html);
    expect(parsed.split('<').length - 1).toBe(MAX_PARSED_TAGS);
    expect(parsed + rest).toBe(html);
  });

  test('nested too deeply keeps its text', () => {
    expect(bodyOf(`${'<div>'.repeat(1_000)}My hub is red</div>`)).toBe('My hub is red');
  });
});

describe('mail', () => {
  test('loses quoted replies and signatures', () => {
    const mail =
      'Hi,\nthe hub still blinks amber after the reset.\n\nBest regards,\nJohn\n\nOn Dec 16, 2025, at 12:47 PM, Support <support@example.com> wrote:\n\n> Please reset the hub.\n> Thanks';
    expect(bodyOf(mail)).toBe('Hi,\nthe hub still blinks amber after the reset.');
  });

  test.each([
    [
      'German',
      'Hallo, ich möchte meine Bestellung stornieren.',
      'Am 12.03.2026 um 10:11 schrieb Support <a@b.example>:',
    ],
    [
      'French',
      'Bonjour, je voudrais annuler ma commande.',
      'Le lun. 12 mars 2026 à 10:11, Support <a@b.example> a écrit :',
    ],
    [
      'Spanish',
      'Hola, quiero cancelar mi pedido por favor.',
      'El lun, 12 mar 2026 a las 10:11, Soporte (<a@b.example>) escribió:',
    ],
  ])('in %s loses its quoted reply', (_, own, header) => {
    expect(bodyOf(`${own}\n\n${header}\n\n> alt\n> vieux`)).toBe(own);
  });

  test('that says very little keeps the quoted text', () => {
    expect(bodyOf('Any news?\n\nOn Mon, Support <s@example.com> wrote:\n\n> You wrote that your hub is red')).toContain(
      'your hub is red',
    );
  });

  test('that refers to the quoted thread keeps it', () => {
    const thread = 'On Mon 9 Nov, Callum Dunmore wrote:\n>> I sent a camera back and want my 79 pounds.';
    const text = bodyOf(`Hi again, see below for the whole saga. Same question as on the 9th.\n\n${thread}`);
    expect(text).toContain('Same question as on the 9th.');
    expect(text).toContain('want my 79 pounds');
  });

  test('loses quoted lines of any length', () => {
    const own = 'No, the camera still does not record anything at all.';
    const quoted = `>>> ${'Thanks for your patience! '.repeat(20)}\n>>>\n>>> Robin`;
    expect(bodyOf(`${own}\n\nOn Sat 14 Nov, Support wrote:\n${quoted}\n\nPlease answer this time, thank you.`)).toBe(
      `${own}\n\nPlease answer this time, thank you.`,
    );
  });

  test('that was forwarded keeps the thread, by subject or by marker', () => {
    const forwarded =
      '---------- Forwarded message ---------\nFrom: Bob <b@x.example>\nSubject: lamp\n\n> My lamp is broken.';
    expect(bodyOf(`See below, what do we tell this customer?\n\n${forwarded}`, 'Lamp')).toContain('My lamp is broken.');
    expect(
      bodyOf('Please look at this for me, thanks a lot.\n\nFrom: Bob <b@x.example>\n\nMy lamp is broken.', 'Fwd: lamp'),
    ).toContain('My lamp is broken.');
  });

  test('with only a quotation keeps it', () => {
    expect(bodyOf('> My hub is red\n> since Monday')).toBe('My hub is red\nsince Monday');
  });

  test('from a web form keeps the text below the separator line', () => {
    const message =
      'My hub is broken and shows a red light since the last update. I reset it twice, nothing helps. What now? '.repeat(
        2,
      );
    expect(bodyOf(`Contact form\n----\nMessage: ${message}`)).toContain('red light');
  });

  test('with only a signature keeps it', () => {
    expect(bodyOf('Sent from my iPhone')).toBe('Sent from my iPhone');
  });
});

describe('hostile and odd input', () => {
  test.each([
    ['😡😡😡'],
    ['https://i.example/x.png'],
    ['![](https://i.example/x.png)'],
    ['???'],
    ['-- '],
    ['\u200B'],
    ['<br>'],
    ['>'],
  ])('%j is kept', (body) => {
    expect(ticketText({ body }).text).not.toBe('');
  });

  test('is never empty for a ticket with text, and the same every time', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '\n',
        '> ',
        '\n> ',
        '<br>',
        '<p>',
        '</div>',
        '-- \n',
        '&nbsp;',
        'On x, y wrote:\n',
        'From: a <b@c>\n',
        '\n\n',
        'Best regards,\n',
        '____\n',
      ),
    );
    const text = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (subject, body) => {
        fc.pre(`${subject}${body}`.trim() !== '');
        const result = ticketText({ subject, body });
        expect(result.text).not.toBe('');
        expect(ticketText({ subject, body })).toEqual(result);
      }),
      { numRuns: 300 },
    );
  });

  // Without the limits, one of the libraries takes seconds or more for each of these, and the test's time limit fails.
  const repeated = (text: string) => text.repeat(Math.ceil(200_000 / text.length)).slice(0, 200_000);
  test.each(
    [
      '\n',
      ' \n',
      ' ',
      'On a b ',
      'x on at ',
      'Op a schreef b ',
      'Op a\n',
      '在写道\n',
      'aaa. skrev b\n',
      'From: [<',
      'Von : <<<<\n',
      `${'0'.repeat(60)}${'from'.repeat(10)}${'<'.repeat(40)}${'>'.repeat(40)}\n\n`,
      `${'Op a\n'.repeat(29)}${'schreef b\n'.repeat(1_000)}`,
      '>',
      '> a\n',
      '--\n',
      '<',
      '<div>',
      '<b>',
      '<blockquote>',
      '<table><tr><td>',
      '<a ',
      '<!--',
      '&',
      '&#',
      'Re: ',
      '😀',
      'wrote:\n',
      'From: a\n',
      'From: a\nSent: b\n',
      'Content-Type: text/plain\n',
      '--aaaaaaaa\nContent-Type: text/plain\n\n',
      '=C3=BC',
      'Regards,\n',
      'A\n',
      '<style>a{',
      '<p hidden>',
      'On 1 Jan 2026 at 9:14\n',
    ].map((text) => [text.slice(0, 20), repeated(text)]),
  )('200,000 characters of %j are processed in time', (_, body) => {
    expect(ticketText({ subject: body.slice(0, 2_000), body }).text).toBeTypeOf('string');
  });

  test('100,000 characters of prose stay whole', () => {
    const body = 'My hub shows a red light and the app says it is offline. '.repeat(1_800);
    expect(bodyOf(body)).toBe(body.trim());
  });
});
