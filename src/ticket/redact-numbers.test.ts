import { describe, expect, test } from 'vitest';
import { redact } from './redact-ticket.ts';

const redactBody = (body: string) => redact({ ticket: { id: 't', body }, texts: [] }).ticket.body ?? '';

describe('a number stays', () => {
  test.each([
    ['My account number 4155552671 is locked.'],
    ['Booking 5125550143 has the wrong date.'],
    ['48201934 is my customer number.'],
    ['4155552671, my order number, is missing from the list.'],
    ['Your colleague gave me the case number 800-555-0142 yesterday.'],
    ['Device ID 8005550142 shows as offline.'],
    ['PO number 212-555-0199 was invoiced twice.'],
    ['Invoice #4155552671 is wrong'],
    ['Order No.: 4155552671'],
    ['Order number:\n4155552671'],
    ['Registration number of the car is 9876543210.'],
    ['Meine Vertragsnummer ist die 0171 5550123.'],
    ['Vertrag 0301234567 bitte kündigen'],
    ['Auftragsnummer 030 901820 fehlt'],
    ['Bestellung 7185552673 ist nicht da, Vorgang 4711223344.'],
    ['RMA-Nr. 2024081547 wurde nie abgeholt.'],
    ['Ersatzteil 646-555-0147 passt nicht.'],
    ['Fehlercode 2147942405 beim Start.'],
    ['Numéro de commande 0612345678, rien reçu.'],
    ['Mon numéro de client est le 06 12 34 56 78.'],
    ['Facture n° 0145678901 payée deux fois.'],
    ['Dossier 01 23 45 67 89 : aucune réponse.'],
    ['Réf. 0612345678'],
    ['Colis 6A12345678901 bloqué'],
    ['Número de pedido: 612 345 678'],
    ['El número de contrato es 912345678.'],
    ['Factura 934 47 12 08 pagada dos veces.'],
    ['Mi número de socio es el 612345678.'],
    ['El código de error 2147942405 aparece.'],
    ['Pieza n.º 646-555-0147'],
    ['Número do pedido 11961234567 não chegou.'],
    ['O meu número de cliente é 912345678.'],
    ['Fatura 912 345 678 em duplicado.'],
    ['Contrato nº 21 3456 7890'],
    ["Numero d'ordine 347 123 4567"],
    ['Il codice cliente è 3471234567.'],
    ['Fattura n. 06 1234 5678 pagata due volte'],
    ['Bestelnummer 0612345678 is niet aangekomen.'],
    ['Mijn klantnummer is 06 12345678.'],
    ['Factuur 0201234567 klopt niet.'],
    ['Ordrenummer 32 12 34 56'],
    ['Mit kundenummer er 40 71 55 23.'],
    ['Sag 32123456 er ikke lukket'],
    ['Ordernummer 070-123 45 67'],
    ['Mitt kundnummer är 070-1234567.'],
    ['Faktura 08-123 456 78 är fel'],
    ['Numer zamówienia 601 234 567'],
    ['Mój numer klienta to 601234567.'],
    ['Faktura nr 22 123 45 67 jest błędna'],
    ['注文番号:03-1234-5678'],
    ['お客様番号は090-1234-5678です。'],
    ['090-1234-5678は会員番号です。'],
    ['追跡番号は1234-5678-9012です。'],
    ['Claim 020 7946 0958 was closed.'],
    ['Orders 4155552671, 4155552672 and 4155552673 are late.'],
    ['tickets 415-555-2671 and 415-555-2672'],
    ['Order 4155552671 / 4155552672'],
    ['meter 0012345678 shows 004512'],
    ['Kennzeichen 1234567890'],
    ['Zählernummer 0301 555 0123'],
    ['part 800 555 0199 fits'],
    ['Kundennummer 4711 0815 2233'],
    ['my ticket 20931 and your ticket 20944'],
    ['Number of the order: 415-555-2671'],
    ['رقم الطلب 0501234567'],
    ['رقم العقد هو 0501234567'],
    ['订单号:138 1234 5678'],
    ['주문번호는 010-1234-5678입니다'],
  ])('when a word calls it a reference: %j', (text) => {
    expect(redactBody(text)).toBe(text);
  });

  test.each([
    ['The serial on the sticker reads 356938035643809 and is refused.'],
    ['IMEI: 490154203237518'],
    ['My IMEI is 490154203237518, serial 4532015112830366'],
    ['Seriennummer 4532015112830366 wird nicht angenommen.'],
    ['Die Seriennummer auf dem Typenschild lautet 4532015112830366.'],
    ['Sendungsnummer 00340434161094042557 steckt fest.'],
    ['Paket 00 3404 3416 1094 0425 57 steckt fest.'],
    ['Le numéro de série est 4532015112830366.'],
    ['Protocolo 20240815471234 sem resposta'],
    ['La matricola 4532015112830366 non è accettata.'],
    ['Serienummer 4532015112830366'],
    ['シリアル番号 4532015112830366 が登録できません。'],
    ['The tracking code is 9400111899223103001234.'],
    ['Parcel RR 123 456 785 DE is lost.'],
    ['UPS 1Z 999 AA1 01 2345 6784 is stuck'],
    ['Article 4006381333931 is out of stock'],
    ['EAN 4006381333931'],
    ['the ISBN 9783161484100'],
    ['Transaction 4111111111111111 failed on your page'],
  ])('and is no card when it is called a serial, an IMEI or a parcel: %j', (text) => {
    expect(redactBody(text)).toBe(text);
  });

  test.each([
    ['timestamps 1764583921, 1764587521 and 1764591121'],
    ['since epoch 1764583921 no reading'],
    ['The hub reports 4294967295 as temperature.'],
    ['3 cameras, 12 sensors and 20260815 lines'],
    ['Reading 21.4 at 1764583921'],
    ['It cost 1.299.000 and 39,80 in 2026-10'],
    ['From 12/11/2026 to 14/11/2026, 09:30-17:30'],
    ['rooms 101 102 103 104 105'],
    ['VAT DE812345678 and company number 01234567'],
    ['The call dropped after 1764583921 ms'],
  ])('when nothing says that it is a telephone number: %j', (text) => {
    expect(redactBody(text)).toBe(text);
  });

  test.each([
    ['Firmware 2.14.0.3 crashes, 2.15.1.0 too'],
    ['seit dem Update auf 10.0.4.2 geht nichts'],
    ['version du firmware : 1.2.3.4'],
    ['App-Version 6.2.11.4'],
    ['actualización a la 5.12.0.7'],
    ['A versão 10.4.2.1 trava.'],
    ['versione 4.10.2.8'],
    ['sinds update naar 3.10.4.2'],
    ['opdatering til 3.10.4.2'],
    ['uppdateringen till 3.10.4.2'],
    ['po aktualizacji do 3.10.4.2'],
    ['バージョン 3.10.4.2 にしてから'],
    ['upgraded from 2.4.1.0 to 2.5.0.1'],
    ['the 2.15.1.0 firmware is bad'],
    ['My driver is version number 31.0.15.4601'],
  ])('and is no address when it is called a version: %j', (text) => {
    expect(redactBody(text)).toBe(text);
  });

  test.each([
    ['order_id;customer_no;amount;date\n4155552671;48201934;39,80;2026-10-03\n6125552672;48201935;14,90;2026-10-04'],
    ['epoch,serial,reading\n1764583921,4532015112830366,21.4\n1764587521,4532015112830366,'],
    ['Bestellung | Teil\n--- | ---\n030 901820 | 646-555-0147\n030 901821 | 646-555-0148'],
    ['device part\nhub 646-555-0147\nhub 646-555-0148'],
    [`serial,when\n${'4532015112830366,2026-11-01\n'.repeat(400)}`],
  ])('in a table whose header says what it is: %j', (text) => {
    expect(redactBody(text)).toBe(text);
  });
});

describe('a telephone number goes', () => {
  test.each([
    ['4155552671', 'Please phone 4155552671 after six.'],
    ['4155552671', 'My cell is 4155552671.'],
    ['4155552671', 'You can reach me this evening at 4155552671.'],
    ['4155552671', '4155552671 is my phone number.'],
    ['4155552671', 'My number is 4155552671.'],
    ['15112345678', 'Handy 15112345678'],
    ['030 901820', 'Ich bin unter 030 901820 zu erreichen.'],
    ['01715550123', 'Rufnummer: 01715550123'],
    ['01715550123', 'Sie erreichen mich tagsüber 01715550123'],
    ['0171 5550123', 'Wegen meiner Bestellung bitte 0171 5550123 anrufen.'],
    ['0171 5550123', 'Zur Rechnung: bitte Rückruf unter 0171 5550123.'],
    ['0171 5550123', 'Kundennummer 4711223, Telefon 0171 5550123'],
    ['06 12 34 56 78', 'Pour ma commande, joignez-moi au 06 12 34 56 78.'],
    ['06 12 34 56 78', 'Merci de votre retour au 06 12 34 56 78.'],
    ['0612345678', 'mon portable 0612345678'],
    ['612345678', 'Llámeme al 612345678 por favor.'],
    ['612345678', 'mi móvil: 612345678'],
    ['612 34 90 17', 'Para el pedido me pueden llamar al 612 34 90 17.'],
    ['912345678', 'o meu telemóvel é 912345678'],
    ['11961234567', 'Me ligue no 11961234567'],
    ['3471234567', 'Il mio cellulare è 3471234567.'],
    ['347 123 4598', "Per l'ordine chiamatemi al 347 123 4598."],
    ['06 12345678', 'U kunt mij bellen op 06 12345678.'],
    ['0612345678', 'mijn telefoonnummer is 0612345678'],
    ['32 12 34 56', 'Ring på 32 12 34 56.'],
    ['32123456', 'Mit telefonnummer er 32123456.'],
    ['070-123 45 67', 'Ring mig på 070-123 45 67.'],
    ['0701234567', 'mobil 0701234567'],
    ['601 234 567', 'Proszę dzwonić pod numer 601 234 567.'],
    ['601234567', 'Mój telefon: 601234567'],
    ['090-1234-5678', '090-1234-5678までお電話ください。'],
    ['09012345678', '携帯は09012345678です。'],
    ['+44 20 7946 0958', 'Order 1234: +44 20 7946 0958'],
    ['020 7946 0958', 'I ordered on Monday, 020 7946 0958'],
    ['020 7946 0958', 'About my order, 020 7946 0958'],
    ['020 7946 0958', 'Order 4711223, call 020 7946 0958'],
    ['020 7946 0958', 'Contact for order 4711223: 020 7946 0958'],
    ['(415) 555-2671', 'About the invoice (415) 555-2671 works best'],
    ['415-555-2671', 'I am at 415-555-2671 or by mail.'],
    ['4155552671', 'WhatsApp 4155552671'],
    ['4155552671', 'Fax: 4155552671'],
    ['4155552671', '{"phone":"4155552671","order":"1"}'],
    ['4155552672', 'name;phone;order\nAna;4155552672;4155552671'],
    ['0171 39200-41', 'Tel. 0171 39200-41'],
    ['0301234567', 'Tel.: 0301234567'],
    ['020 7946 0958', 'call 020 7946 0958 / 07700 900123'],
    ['07700 900123', 'call 020 7946 0958 / 07700 900123'],
    ['07700 900123', 'Phones: 020 7946 0958, 07700 900123'],
    ['4155552672', 'Phones: 4155552671 and 4155552672'],
    ['555 0143', 'Phone 555 0143'],
    ['971501234567', 'رقم الهاتف 971501234567'],
    ['0501234567', 'رقمي 0501234567'],
    ['138 1234 5678', '我的电话是138 1234 5678'],
    ['010-1234-5678', '전화번호는 010-1234-5678입니다'],
  ])('%s in %j', (secret, text) => {
    const shown = redactBody(text);
    expect(shown).not.toContain(secret);
    expect(shown).toContain('[PHONE_1]');
  });

  test('in each row of a table whose header says so', () => {
    expect(redactBody('name,phone,order\nAna,4155552671,4155552679\nBo,4155552672,4155552678')).toBe(
      'name,phone,order\nAna,[PHONE_1],4155552679\nBo,[PHONE_2],4155552678',
    );
  });

  test('in two lines that are no table', () => {
    expect(redactBody('Hello, my order\nThanks, 0171 5550123')).toBe('Hello, my order\nThanks, [PHONE_1]');
  });
});

test.each([
  ['198.51.100.23', 'The app at 198.51.100.23 is down'],
  ['198.51.100.23', 'Since version 2.1 my IP 198.51.100.23 is blocked'],
  ['198.51.100.23', 'from address 198.51.100.23'],
  ['198.51.100.23', 'Die IP-Adresse lautet 198.51.100.23.'],
  ['198.51.100.23', 'The firmware update of the hub with the address 198.51.100.23 failed'],
])('the address %s goes in %j', (secret, text) => {
  expect(redactBody(text)).not.toContain(secret);
});

test.each([
  ['4111 1111 1111 1111', 'I paid the order with 4111 1111 1111 1111.'],
  ['4111111111111111', 'Karte: 4111111111111111, Bestellung 123456'],
  ['4111111111111111', 'The card number for my order is 4111111111111111'],
  ['4111111111111111', 'Kreditkartennummer 4111111111111111'],
])('the card %s goes in %j', (secret, text) => {
  expect(redactBody(text)).not.toContain(secret);
});

describe('letters and digits that only look different', () => {
  test.each([
    ['mail 𝐚𝐧𝐚@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐨𝐫𝐠', 'mail [EMAIL_1]'],
    ['mail ᵃⁿᵃ@ᵉˣᵃᵐᵖˡᵉ.ᵒʳᵍ', 'mail [EMAIL_1]'],
    ['mail 🅐🅝🅐@🅴🆇🅰🅼🅿🅻🅴.🅾🆁🅶', 'mail [EMAIL_1]'],
    ['mail pe\u200Ctra@cus\u200Dtomer.example', 'mail [EMAIL_1]'],
    ['tel ₀₇₇₀₀ ₉₀₀₁₂₃', 'tel [PHONE_1]'],
    ['tel 0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣', 'tel [PHONE_1]'],
    ['+𝟒𝟒 𝟐𝟎 𝟕𝟗𝟒𝟔 𝟎𝟗𝟓𝟖', '[PHONE_1]'],
    ['注文番号は６１２３４５６７８です', '注文番号は６１２３４５６７８です'],
  ])('are read alike: %s', (text, shown) => {
    expect(redactBody(text).replace(/\uFE0F|\u20E3/g, '')).toBe(shown);
  });
});
