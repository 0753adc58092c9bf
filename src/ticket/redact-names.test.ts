import { describe, expect, test } from 'vitest';
import { redact } from './redact-ticket.ts';

function redactBody(options: { name: string; email: string; body: string }): string {
  const requester = {
    ...(options.name === '' ? {} : { name: options.name }),
    ...(options.email === '' ? {} : { email: options.email }),
  };
  return redact({ ticket: { id: 't', body: options.body, requester }, texts: [] }).ticket.body ?? '';
}

describe('words stay', () => {
  test.each([
    ['Bill Price', 'bill.price@x.example', 'The bill for October came twice. Why did the price go up?'],
    ['Bill Price', '', 'THE BILL CAME TWICE AND THE PRICE WENT UP'],
    ['Bill Price', '', 'Bill for October is wrong. Price too high.'],
    ['Grace Hope', '', 'I hope that you show some grace, the card is blocked.'],
    ['Mark Long', '', 'How long does it take? Please mark it as urgent. Mark as done.'],
    ['May Rose', '', 'It may be that the fee rose. May I cancel?'],
    ['Will Young', '', 'Will it be young again? It will.'],
    ['Frank Klein', '', 'Der kleine Hub ist zu klein, und frank und frei gesagt: Klein ist er auch.'],
    ['Anna Koch', '', 'Der Koch in unserer Küche nutzt den Hub, wenn er kocht.'],
    ['Peter Stein', '', 'Vor der Tür liegt ein Stein, der Stein blockiert die Kamera.'],
    ['Ernst Lang', '', 'Ist das Ihr Ernst? Es dauert zu lang, ernst gemeint.'],
    ['Claire Petit', '', "La vidéo n'est pas claire et le petit capteur est cassé. Petit problème."],
    ['Pierre Blanc', '', 'Le mur en pierre est blanc.'],
    ['Rosa Blanco', '', 'La cámara blanco y rosa no funciona.'],
    ['Luz Bueno', '', 'La luz del panel es roja, no es bueno.'],
    ['Clara Costa', '', 'A imagem não está clara na costa. Clara melhoria não houve.'],
    ['Bianca Rossi', '', 'La telecamera bianca ha i led rossi.'],
    ['Luce Grande', '', 'La luce è troppo grande.'],
    ['Jan de Groot', '', 'De camera is te groot voor de muur.'],
    ['Sol Lund', '', 'Kameraet står i sol ved en lund.'],
    ['Björn Stark', '', 'Larmet är för stark och en björn syns.'],
    ['Jan Mały', '', 'Ekran jest mały, a jan tu nic nie znaczy.'],
    ['Can Deniz', '', 'Kamera deniz kenarında, can sıkıcı.'],
    ['Penny Black', '', 'My penny jar is black. Black screen again.'],
    ['Art Field', '', 'The art on the field camera. Field of view is small.'],
    ['Jack Hammer', '', 'The audio jack is loose.'],
    ['Melanie Frost', '', 'Bei Frost geht die Kamera aus, der Frost ist stark.'],
    ['Otto Winter', '', 'Im Winter fällt der Hub aus. Winter ist kalt.'],
    ['Sabine Herbst', '', 'Seit Herbst ist der Hub neu.'],
    ['Lena Sommer', '', 'Im Sommer war es warm'],
    ['Luc Noir', '', "L'écran est noir. Noir complet."],
    ['Fleur Petit', '', 'Une petite fleur, petit souci'],
    ['Ángel Calle', '', 'La calle es larga. El ángel de la foto.'],
    ['Dolores Fuertes', '', 'Tengo dolores de cabeza. Ruidos fuertes.'],
    ['Paz León', '', 'Déjenme en paz, como un león.'],
    ['Rosa Pinto', '', 'A rosa e o pinto na imagem. Cor de rosa.'],
    ['Vera Bianchi', '', 'La vera ragione, i bianchi led.'],
    ['Floor de Wit', '', 'De wit gekleurde floor lamp. Wit licht.'],
    ['Dag Berg', '', 'Hver dag på et berg. Dag og nat.'],
    ['Liv Holm', '', 'Det tar liv på en holm'],
    ['Róża Biała', '', 'Biała dioda miga, a róża nie.'],
    ['', 'kuendigung@firma.example', 'Die Kündigung kam nicht an. Kündigung bitte bestätigen.'],
    ['', 'reklamacje@sklep.example', 'Reklamacje nie działają. Reklamacje są dwie.'],
    ['', 'faktura@firma.example', 'Faktura mangler. En faktura igen.'],
    ['', 'devoluciones@tienda.example', 'Las devoluciones tardan. Devoluciones pendientes.'],
    ['', 'front.desk@hotel.example', 'The front desk camera is off. Front and desk are dark.'],
    ['Camera User', 'camera.user@x.example', 'The camera has one user.'],
    ['Kunde Nord', 'kunde.nord@x.example', 'Der Kunde im Nord sieht nichts.'],
    ['', 'night.shift@x.example', 'The night shift sees nothing. Night vision is off.'],
    ['', 'smart.home@x.example', 'My smart home is offline. Smart home app too.'],
  ])('that are also a name of the requester: %j %j in %j', (name, email, body) => {
    expect(redactBody({ name, email, body })).toBe(body);
  });

  test.each([
    ['', 'invoices@okoro.example', 'Please send the invoices again. Invoices are missing.'],
    ['', 'rechnungen@firma.example', 'Die Rechnungen fehlen. Bitte Rechnungen senden.'],
    ['', 'cancel-refund@okoro.example', 'I want a refund and to cancel the plan. Cancel it.'],
    ['Accounts Payable', 'ap@okoro.example', 'Accounts payable needs the invoice.'],
    ['Smart Hub User', 'hub.user@x.example', 'My hub is a smart hub. The user sees nothing. Smart hub user here.'],
    ['', 'livraison@client.example', 'La livraison est en retard. Livraison refusée.'],
    ['', 'pedidos@tienda.example', 'Los pedidos no llegan. Pedidos pendientes: dos.'],
    ['', 'warehouse.delivery@o.example', 'The warehouse delivery was late. Delivery to the warehouse.'],
    ['Garden Camera', '', 'The garden is dark'],
    ['Kamera Garage', 'kamera.garage@x.example', 'Die Kamera in der Garage ist offline.'],
    ['Info Desk', 'info@x.example', 'I need info from the desk.'],
    ['', 'zentrale@x.example', 'Die Zentrale meldet sich nicht.'],
  ])('that name a mailbox or an account of no person: %j %j in %j', (name, email, body) => {
    expect(redactBody({ name, email, body })).toBe(body);
  });

  test('at the end of one sentence and the beginning of the next', () => {
    const body = 'It was on the bill. Price and date are wrong.';
    expect(redactBody({ name: 'Bill Price', email: '', body })).toBe(body);
  });
});

describe('a name goes', () => {
  test.each([
    ['Bill Price', 'bill.price@x.example', 'Hello,\nmy hub is off.\n\nBill', 'Bill'],
    ['Bill Price', 'bill.price@x.example', 'Please help.\n\nKind regards\nBill Price', 'Price'],
    ['Bill Price', 'bill.price@x.example', 'bill price here, my hub is off', 'bill price'],
    ['Bill Price', 'bill.price@x.example', 'BILL PRICE, 4 Main Street', 'BILL'],
    ['Bill Price', 'bill.price@x.example', 'Price, Bill: hub off', 'Price'],
    ['Bill Price', '', 'Thanks, Bill', 'Bill'],
    ['Bill Price', '', 'My name is Bill and my hub is off.', 'Bill'],
    ['Bill Price', '', 'Account of Mr Price please', 'Price'],
    ['Anna Koch', '', 'Viele Grüße\nAnna Koch', 'Koch'],
    ['Anna Koch', '', 'Hallo, hier ist Anna. Danke\n\nLG\nanna', 'anna'],
    ['Anna Koch', '', 'Frau Koch wartet', 'Koch'],
    ['Claire Petit', '', 'Bonjour, je suis Claire.', 'Claire'],
    ['Claire Petit', '', 'Merci.\n\nCordialement,\nClaire', 'Claire'],
    ['Rosa Blanco', '', 'Hola, soy Rosa y no funciona', 'Rosa'],
    ['Rosa Blanco', '', 'Saludos,\nRosa', 'Rosa'],
    ['Rosa Blanco', '', 'rosa blanco, calle 3', 'rosa blanco'],
    ['Bianca Rossi', '', 'Salve, mi chiamo Bianca.', 'Bianca'],
    ['Bianca Rossi', '', 'Cordiali saluti\nRossi', 'Rossi'],
    ['Jan de Groot', '', 'Groet, Jan', 'Jan'],
    ['Sol Lund', '', 'Mvh\nSol', 'Sol'],
    ['Björn Stark', '', 'Hälsningar\nBjörn', 'Björn'],
    ['Zofia Wróbel', '', 'Pozdrawiam\nWróbel', 'Wróbel'],
    ['Can Deniz', '', 'Merhaba, ben Can.', 'Can'],
    ['Can Yilmaz', '', 'My hub is off.\n\nCan', 'Can'],
    ['Jelena Marsh', '', 'Please tell Jelena that it works.', 'Jelena'],
    ['Jelena Marsh', '', 'Jelena ordered it.', 'Jelena'],
    ['Tomasz Zieliński', '', 'Proszę oddzwonić do Tomasz Zieliński', 'Zieli'],
    ['', 'jelena.okafor@x.example', 'Regards\nJelena', 'Jelena'],
    ['', 'jelena.okafor@x.example', 'I am Jelena Okafor from Leeds', 'Okafor'],
    ['Jelena Okafor', 'jokafor@x.example', 'my login jokafor fails', 'jokafor'],
    ['山田 太郎', '', '山田です。カメラが映りません。', '山田'],
    ['真鍋 祥子', '', '真鍋祥子です。', '真鍋'],
    ['أحمد علي', '', 'أنا أحمد', 'أحمد'],
    ['Dorothea Quill', '', 'I wrote on behalf of D. Quill yesterday', 'Quill'],
    ['Jan Müller', '', 'Gruss Jan Mueller', 'Mueller'],
    ['Иван Петров', '', 'Меня зовут Иван', 'Иван'],
    ['Иван Петров', '', 'с уважением, иван петров', 'петров'],
    ['Dorothea Quill', '', 'dear all,\nit is broken.\n\ndorothea', 'dorothea'],
    ['Dorothea Quill', '', 'dorothea quill wrote', 'quill'],
    ['Bill Price', '', 'Hi Ana,\nno change.\nBest,\nBill P.\n\nOkoro Ltd', 'Bill'],
    ['Penny Black', '', 'Hi,\nit works now.\n\nPenny Black\nBlack Ltd', 'Penny'],
    ['Otto Winter', '', 'Mit freundlichen Grüßen\nOtto Winter', 'Winter'],
    ['Otto Winter', '', 'OTTO WINTER, Hauptstr. 4', 'OTTO'],
    ['Otto Winter', '', 'Herr Winter wartet', 'Winter'],
    ['Luc Noir', '', 'Bien à vous,\nLuc', 'Luc'],
    ['Paz León', '', 'Un saludo,\nPaz', 'Paz'],
    ['Rosa Pinto', '', 'Cumprimentos,\nRosa Pinto', 'Pinto'],
    ['Vera Bianchi', '', 'Grazie, Vera', 'Vera'],
    ['Floor de Wit', '', 'Met vriendelijke groet,\nFloor', 'Floor'],
    ['Liv Holm', '', 'Vennlig hilsen\nLiv', 'Liv'],
    ['Dag Berg', '', 'Hej, jeg hedder Dag', 'Dag'],
    ['Róża Biała', '', 'Pozdrawiam,\nRóża', 'Róża'],
    ['Jelena Marsh', '', 'jelena marsh asked', 'jelena'],
    ['Jelena Marsh', '', 'JELENA MARSH ASKED', 'JELENA'],
    ['Jelena Marsh', '', 'Customer: Marsh, Jelena', 'Marsh'],
    ['Jelena Marsh', 'j.marsh@x.example', 'my login is j.marsh', 'j.marsh'],
  ])('of %j %j in %j', (name, email, body, secret) => {
    const shown = redactBody({ name, email, body });
    expect(shown).not.toContain(secret);
    expect(shown).toContain('[NAME_1]');
  });
});
