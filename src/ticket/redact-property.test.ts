import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redact } from './redact-ticket.ts';

// Random tickets of sentences that must stay exactly as they are, and sentences with something planted that must go.

type Piece = { readonly text: string; readonly shown: string };

const digits = (length: number) => fc.stringMatching(new RegExp(`^[1-9][0-9]{${length - 1}}$`));
const grouped = (text: string, sizes: readonly number[], separator: string) => {
  let at = 0;
  return sizes
    .map((size) => {
      at += size;
      return text.slice(at - size, at);
    })
    .join(separator);
};

const luhnDigit = (body: string) => {
  const sum = [...body].toReversed().reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return String((10 - (sum % 10)) % 10);
};

/** What references look like, telephone numbers and cards among them. */
const reference = fc.oneof(
  digits(7),
  digits(8),
  digits(9),
  digits(10),
  digits(9).map((text) => `0${text}`),
  digits(10).map((text) => grouped(text, [3, 3, 4], '-')),
  digits(9).map((text) => grouped(text, [3, 3, 3], ' ')),
  digits(11).map((text) => grouped(`0${text}`, [4, 4, 4], ' ')),
  digits(14).map((text) => `4${text}${luhnDigit(`4${text}`)}`),
  digits(14)
    .map((text) => `35${text}`.slice(0, 14))
    .map((text) => text + luhnDigit(text)),
  fc.tuple(digits(4), digits(4)).map(([year, number]) => `${year}-${number}`),
);
/** Sentences in which a word says that the number is a reference, before or after it. */
const referenceSentences = [
  'My customer number is # and has not changed.',
  'Order # never arrived.',
  'The serial on the label reads # here.',
  '# is my contract number.',
  'Invoice no. # was paid.',
  'The number on the back of the box is the serial number #.',
  'Meine Kundennummer lautet #.',
  'Die Rechnung # wurde bezahlt.',
  'Die Seriennummer auf dem Gerät ist #.',
  'Bestellnummer: #',
  'Vorgangsnr. # ist offen.',
  'Le numéro de commande # est faux.',
  'Mon contrat n° # est résilié.',
  'La référence est #.',
  'El número de pedido es #.',
  'La factura # está mal.',
  '# es mi número de cliente.',
  'O número da encomenda é #.',
  'A fatura nº # está errada.',
  'Il numero di serie è #.',
  'La pratica n. # è aperta.',
  'Mijn klantnummer is #.',
  'Factuur # klopt niet.',
  'Mit kundenummer er #.',
  'Ordrenummer # mangler.',
  'Mitt kundnummer är #.',
  'Fakturan # är fel.',
  'Numer zamówienia to #.',
  'Faktura nr # jest zła.',
  'Tilausnumeroni on #.',
  'Lasku # on väärin.',
  'Číslo objednávky je #.',
  'Faktura č. # je špatně.',
  'A rendelésszám #.',
  'Comanda nr. # nu a ajuns.',
  'Ordrenummeret er #.',
  'Sipariş numarası #.',
  'S/N: #',
  'Die Mandatsreferenz # ist falsch.',
  'Le ticket de caisse n° # est illisible.',
  'Номер заказа #.',
  '订单号#。',
  '주문번호 #.',
  '注文番号は#です。',
  'お客様番号:#',
];
const ordinarySentences = [
  'Hello, the hub is red since 22.11.2026 at 10:30.',
  'It cost $1,299.00 and then 39,80 EUR more.',
  'Firmware 2.14.0.3 crashes and version 10.4.192.7 does not.',
  'The will to wait is gone, and the price of the quack went up.',
  'Between 10:30 and 11:45 on 20/11 it was gone for 75 minutes.',
  'Die Kamera zeigt seit 3 Tagen nur 20 % an.',
  'Je paie 12,99 € par mois depuis 2024.',
  'No funciona desde el 3 de noviembre de 2026.',
  'Den viser 21,4 grader og 1764583921 i loggen.',
  'Pokazuje błąd 0x80070005 od 2026-11-22.',
  '1. open the app 2. wait 3. nothing',
  'rooms 101, 102, 103 and 104',
  '11月9日に届きました。三日間使えません。',
  '\norder_id;customer_no;amount\n4155552671;48201934;39,80\n6125552672;48201935;14,90\n',
  'Please merge 20931 and 20951-20960.',
  'It stands at 40.7127837, -74.0059413 and left-pad@1.3.0 is missing.',
  '\nnumber;amount;phone\n4155552671;20,00;\n6125552672;14,90;\n',
  'I forgot my password and the reset mail never comes.',
  'UUID 7f1c2b9e-33a1-4f0e-9b1c-0d5f5a3c2e11 and curl/8.5.0',
];

const kept: fc.Arbitrary<Piece> = fc
  .oneof(
    fc
      .tuple(fc.constantFrom(...referenceSentences), reference)
      .map(([sentence, number]) => sentence.replace('#', number)),
    fc.constantFrom(...ordinarySentences),
  )
  .map((text) => ({ text, shown: text }));

const plantedIn = (kind: string, sentences: readonly string[], values: fc.Arbitrary<string>): fc.Arbitrary<Piece> =>
  fc.tuple(fc.constantFrom(...sentences), values).map(([sentence, value]) => ({
    text: sentence.replace('#', value),
    shown: sentence.replace('#', `[${kind}]`),
  }));

/** Forms that people write as telephone numbers, in sentences that need not say so. */
const formedPhone = fc.oneof(
  fc.tuple(fc.constantFrom('30', '40', '89'), digits(7)).map(([area, rest]) => `+49 ${area} ${rest}`),
  digits(4).map((rest) => `020 7946 ${rest}`),
  digits(6).map((rest) => `(415) 2${grouped(rest, [2, 4], '-')}`),
  digits(6).map((rest) => `212-2${grouped(rest, [2, 4], '-')}`),
  digits(8).map((rest) => `06 ${grouped(rest, [2, 2, 2, 2], ' ')}`),
  digits(8).map((rest) => `+34 6${grouped(rest, [2, 3, 3], ' ')}`),
  digits(8).map((rest) => `090-${grouped(rest, [4, 4], '-')}`),
  digits(8).map((rest) => `+45 ${grouped(rest, [2, 2, 2, 2], ' ')}`),
);
const phone = fc.oneof(
  plantedIn(
    'PHONE',
    [
      'I am at # today.',
      'Thanks, #.',
      'About my order: please use #.',
      'Erreichbar bin ich unter #.',
      'Voici #, merci.',
    ],
    formedPhone,
  ),
  plantedIn(
    'PHONE',
    [
      'Please call me at #.',
      'My phone number is #.',
      'You can reach me this evening at #.',
      'Meine Handynummer ist #.',
      'Bitte rufen Sie mich unter # an.',
      'Mon téléphone : #',
      'Mi móvil es el #.',
      'O meu telemóvel é #.',
      'Il mio cellulare è #.',
      'Bel mij op #.',
      'Ring til mig på #.',
      'Mitt mobilnummer är #.',
      'Mój telefon to #.',
      '電話は#です。',
    ],
    fc.oneof(formedPhone, digits(9), digits(10)),
  ),
);
const card = plantedIn(
  'CARD',
  ['You charged # twice.', 'Die Karte # ist gesperrt.', 'Ma carte # ne marche pas.', 'カードは#です。'],
  fc
    .tuple(fc.constantFrom('4', '51', '55'), digits(15), fc.constantFrom('', ' ', '-'))
    .map(([prefix, rest, separator]) => {
      const body = `${prefix}${rest}`.slice(0, 15);
      return grouped(body + luhnDigit(body), [4, 4, 4, 4], separator);
    }),
);
const iban = plantedIn(
  'IBAN',
  ['Pay it to # please.', 'Meine IBAN ist #.', 'Mi cuenta es #.'],
  fc.tuple(digits(18), fc.constantFrom('', ' ')).map(([account, separator]) => {
    const check = String(98n - (BigInt(`${account}131400`) % 97n)).padStart(2, '0');
    return grouped(`DE${check}${account}`, [4, 4, 4, 4, 4, 2], separator);
  }),
);
const email = plantedIn(
  'EMAIL',
  ['Write to #, please.', 'Meine Adresse ist # geblieben.', '連絡先は#です。'],
  fc
    .tuple(fc.stringMatching(/^[a-z]{3,8}(?:[._-][a-z0-9]{1,6})?$/), fc.stringMatching(/^[a-z]{3,10}$/))
    .map(([local, domain]) => `${local}@${domain}.example`),
);
const ip = plantedIn(
  'IP',
  ['Blocked from # since Monday.', 'Die Adresse # ist gesperrt.', 'The app at # is down.'],
  fc.tuple(fc.constantFrom('203.0.113', '198.51.100', '192.168.7'), fc.nat(255)).map(([net, host]) => `${net}.${host}`),
);
const key = plantedIn(
  'CREDENTIAL',
  ['It sends # in the header.', 'Der Schlüssel # geht nicht.'],
  fc.stringMatching(/^[a-z0-9]{30}$/).map((text) => `ghp_a1${text}`),
);
const password = plantedIn(
  'CREDENTIAL',
  [
    'My password is #.',
    'Passwort: #',
    'Le mot de passe est #.',
    'Contraseña wifi: #',
    'A minha senha é #.',
    'La password è #.',
    'Het wachtwoord is #.',
    'Moje hasło to #.',
    'Lösenord: #',
    'Heslo je #.',
    'Salasanani on #.',
    'Пароль: #',
    '비밀번호: #',
    '密码是#',
  ],
  fc.stringMatching(/^[A-Z][a-z]{3,8}[!#$*+][0-9]{2,4}$/),
);
const document = plantedIn(
  'ID',
  [
    'My SSN is # as you know.',
    'Passport number #.',
    'DNI: #',
    'Numéro de sécurité sociale : #',
    'Meine Steuer-ID lautet #.',
    'Meu CPF é #.',
    'BSN #',
    'Personnummer: #',
    'Mój PESEL to #.',
    '身份证号#',
  ],
  fc.oneof(
    digits(9),
    digits(11),
    digits(9).map((text) => grouped(text, [3, 2, 4], '-')),
    digits(8).map((text) => `${text}Z`),
  ),
);

/** Requesters, and how they and others write their names. */
const requesters = [
  { name: 'Will Quack', forms: ['Will Quack', 'WILL QUACK', 'will quack', 'Quack, Will', 'Will Quacks'] },
  { name: "Seán O'Connor", forms: ["Sean O'Connor", 'Seán O’Connor', "SEAN O'CONNOR"] },
  { name: 'Łukasz Wójcik', forms: ['Łukasza Wójcika', 'Lukasz Wojcik', 'Wójcik, Łukasz'] },
  { name: 'Анна Смирнова', forms: ['Анны Смирновой', 'Анна Смирнова', 'АННА СМИРНОВА'] },
  { name: 'Νίκος Παπαδόπουλος', forms: ['ΝΙΚΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ', 'Νίκου Παπαδόπουλου'] },
  { name: 'Jean-Pierre Müller', forms: ['Jean-Pierre Mueller', 'jean pierre müller'] },
  { name: '김민준', forms: ['김민준'] },
] as const;
const nameOf = ({ forms }: (typeof requesters)[number]) =>
  plantedIn(
    'NAME',
    ['My name is # and it is broken.', 'Hi #,', 'The account of # is locked.', 'Hier ist #.', 'Ask # about it.'],
    fc.constantFrom<string>(...forms),
  );

const ticket = fc.constantFrom(...requesters).chain((requester) =>
  fc.record({
    name: fc.constant(requester.name),
    pieces: fc
      .array(
        fc.tuple(
          fc.oneof(
            { weight: 3, arbitrary: kept },
            {
              weight: 3,
              arbitrary: fc.oneof(phone, card, iban, email, ip, key, password, document, nameOf(requester)),
            },
          ),
          fc.constantFrom('\n', '\n\n', ' '),
        ),
        { minLength: 1, maxLength: 8 },
      )
      // Only a sentence with its full stop is followed by another on the same line.
      .map((pieces) => pieces.map(([piece, end]) => [piece, /[.。]$/.test(piece.text) ? end : '\n'] as const)),
  }),
);

test('in random tickets of known parts nothing planted survives and nothing else changes', () => {
  fc.assert(
    fc.property(ticket, ({ name, pieces }) => {
      const body = pieces.map(([{ text }, end]) => text + end).join('');
      const expected = pieces.map(([{ shown }, end]) => shown + end).join('');
      const shown = redact({ ticket: { id: 't', body, requester: { name } }, texts: [] }).ticket.body ?? '';
      expect(shown.replace(/\[([A-Z]+)_\d+\]/g, '[$1]')).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});
