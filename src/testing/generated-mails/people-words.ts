/** What people and companies write in the generated mails, by language. */
export type PeopleWords = {
  readonly customer: { readonly name: string; readonly address: string };
  readonly subject: string;
  /** Three things customers write: one paragraph, several with a list, one that looks a little like a header. */
  readonly messages: readonly [string, string, string];
  /** What the shop wrote before, two mails. */
  readonly shop: readonly [string, string];
  /** A colleague's note above a mail that is passed on. */
  readonly note: string;
  readonly greeting: string;
  readonly closing: string;
  /** Lines below the name: position, company, telephone. */
  readonly signature: readonly string[];
  readonly legal: string;
};

export const peopleWords: Readonly<Record<string, PeopleWords>> = {
  en: {
    customer: { name: 'Jelena Marsh', address: 'j.marsh@customer.example' },
    subject: 'Your order is on its way',
    messages: [
      'the invoice that came with the hub shows the wrong VAT number. Could you send me a corrected one by Friday? Our accountant closes the month then and will not take the old one.',
      'thank you for the quick reply. I tried everything that you wrote:\n\n1. hub off and on again\n2. new cable\n3. other socket\n\nNothing helped, the light stays red. What else can I do?',
      'two questions about the parcel:\n\nColour: I ordered white, you sent black.\nSize: the bracket is too short for my wall.\n\nCan I exchange both, and who pays the postage?',
    ],
    shop: [
      'thank you for your order. Your hub was handed to the carrier on 9 November.\n\nIf this is an emergency, call the number on the back of the device.',
      'please tell us your order number, so that we can look into it.',
    ],
    note: 'could one of you take care of this customer today? She rang reception as well.',
    greeting: 'Hello,',
    closing: 'Kind regards',
    signature: [
      'Head of Purchasing',
      'Marsh Kitchens Ltd | 4 Quay Road | Bristol BS1 4XX',
      'T +44 117 496 0222 | www.marsh-kitchens.example',
    ],
    legal:
      'This e-mail and any attachments are confidential and may be legally privileged. If you are not the intended recipient, please notify the sender immediately and delete this message. Any unauthorised copying, disclosure or distribution is strictly prohibited.',
  },
  de: {
    customer: { name: 'Juliane Fuchs', address: 'j.fuchs@kunde.example' },
    subject: 'Ihre Bestellung ist unterwegs',
    messages: [
      'auf der Rechnung zum Hub steht die falsche USt-Nummer. Können Sie mir bis Freitag eine korrigierte schicken? Unsere Buchhaltung schließt dann den Monat ab.',
      'vielen Dank für die schnelle Antwort. Ich habe alles versucht, was Sie geschrieben haben:\n\n1. Hub aus und wieder an\n2. neues Kabel\n3. andere Steckdose\n\nNichts hat geholfen, das Licht bleibt rot. Was kann ich noch tun?',
      'zwei Fragen zum Paket:\n\nFarbe: bestellt war weiß, gekommen ist schwarz.\nGröße: der Halter ist zu kurz für meine Wand.\n\nKann ich beides umtauschen, und wer zahlt das Porto?',
    ],
    shop: [
      'vielen Dank für Ihre Bestellung. Ihr Hub wurde am 9. November an den Versand übergeben.\n\nIn dringenden Fällen rufen Sie bitte die Nummer auf der Rückseite an.',
      'bitte nennen Sie uns Ihre Bestellnummer, damit wir nachsehen können.',
    ],
    note: 'kann sich heute bitte jemand um diese Kundin kümmern? Sie hat auch am Empfang angerufen.',
    greeting: 'Guten Tag,',
    closing: 'Mit freundlichen Grüßen',
    signature: [
      'Leiterin Einkauf',
      'Fuchs Küchen GmbH · Hafenstraße 12 · 20457 Hamburg',
      'Tel. +49 40 30901 820 · www.fuchs-kuechen.example',
      'Geschäftsführer: Arno Fuchs · Amtsgericht Hamburg HRB 12345',
    ],
    legal:
      'Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind oder diese E-Mail irrtümlich erhalten haben, informieren Sie bitte sofort den Absender und vernichten Sie diese E-Mail. Das unerlaubte Kopieren sowie die unbefugte Weitergabe dieser E-Mail ist nicht gestattet.',
  },
  fr: {
    customer: { name: 'Amandine Leroux', address: 'a.leroux@client.example' },
    subject: 'Votre commande est en route',
    messages: [
      "le numéro de TVA sur la facture de la box est faux. Pouvez-vous m'en envoyer une corrigée avant vendredi ? Notre comptable clôture le mois ce jour-là.",
      "merci pour votre réponse rapide. J'ai essayé tout ce que vous m'avez écrit :\n\n1. éteindre et rallumer la box\n2. un autre câble\n3. une autre prise\n\nRien n'y fait, le voyant reste rouge. Que puis-je faire d'autre ?",
      "deux questions sur le colis :\n\nCouleur : j'ai commandé du blanc, j'ai reçu du noir.\nTaille : le support est trop court pour mon mur.\n\nPuis-je échanger les deux, et qui paie le port ?",
    ],
    shop: [
      "merci pour votre commande. Votre box a été remise au transporteur le 9 novembre.\n\nEn cas d'urgence, appelez le numéro au dos de l'appareil.",
      'merci de nous indiquer votre numéro de commande, afin que nous puissions vérifier.',
    ],
    note: "quelqu'un peut-il s'occuper de cette cliente aujourd'hui ? Elle a aussi appelé l'accueil.",
    greeting: 'Bonjour,',
    closing: 'Cordialement,',
    signature: [
      'Responsable des achats',
      'Leroux Cuisines SARL – 8 rue du Port – 69002 Lyon',
      'Tél. : +33 4 99 00 41 27 – www.leroux-cuisines.example',
    ],
    legal:
      "Ce message et ses pièces jointes sont confidentiels et établis à l'attention exclusive de leurs destinataires. Si vous avez reçu ce message par erreur, merci d'en avertir immédiatement l'expéditeur et de le détruire. Toute utilisation, diffusion ou reproduction non autorisée est interdite.",
  },
  es: {
    customer: { name: 'Lucía Bermejo', address: 'l.bermejo@cliente.example' },
    subject: 'Su pedido está en camino',
    messages: [
      'en la factura de la central aparece un NIF equivocado. ¿Pueden enviarme una corregida antes del viernes? Nuestra gestoría cierra el mes ese día.',
      'gracias por la rápida respuesta. He probado todo lo que me escribieron:\n\n1. apagar y encender la central\n2. otro cable\n3. otro enchufe\n\nNada ha servido, la luz sigue en rojo. ¿Qué más puedo hacer?',
      'dos preguntas sobre el paquete:\n\nColor: pedí blanco y llegó negro.\nTamaño: el soporte es demasiado corto para mi pared.\n\n¿Puedo cambiar los dos, y quién paga el envío?',
    ],
    shop: [
      'gracias por su pedido. Su central fue entregada al transportista el 9 de noviembre.\n\nEn caso de emergencia, llame al número que aparece en la parte trasera.',
      'por favor, indíquenos su número de pedido para que podamos comprobarlo.',
    ],
    note: '¿puede alguien atender hoy a esta clienta? También ha llamado a recepción.',
    greeting: 'Buenos días:',
    closing: 'Un saludo,',
    signature: [
      'Jefa de compras',
      'Cocinas Bermejo S.L. | Calle del Puerto 12 | 08003 Barcelona',
      'Tel.: +34 934 47 12 08 | www.cocinas-bermejo.example',
    ],
    legal:
      'Este mensaje y sus archivos adjuntos son confidenciales y van dirigidos exclusivamente a su destinatario. Si ha recibido este correo por error, le rogamos que lo comunique inmediatamente al remitente y proceda a su eliminación. Queda prohibida su divulgación, copia o distribución sin autorización.',
  },
  pt: {
    customer: { name: 'Mariana Couto', address: 'm.couto@cliente.example' },
    subject: 'O seu pedido está a caminho',
    messages: [
      'a fatura da central veio com o NIF errado. Podem enviar uma corrigida até sexta-feira? A nossa contabilidade fecha o mês nesse dia.',
      'obrigada pela resposta rápida. Já tentei tudo o que me escreveram:\n\n1. desligar e ligar a central\n2. outro cabo\n3. outra tomada\n\nNada ajudou, a luz continua vermelha. O que mais posso fazer?',
      'duas perguntas sobre a encomenda:\n\nCor: pedi branco e veio preto.\nTamanho: o suporte é curto demais para a minha parede.\n\nPosso trocar os dois, e quem paga o envio?',
    ],
    shop: [
      'obrigado pela sua compra. A sua central foi entregue à transportadora no dia 9 de novembro.\n\nEm caso de emergência, ligue para o número na parte de trás do aparelho.',
      'por favor, informe o número do seu pedido para que possamos verificar.',
    ],
    note: 'alguém pode cuidar desta cliente hoje? Ela também ligou para a recepção.',
    greeting: 'Bom dia,',
    closing: 'Atenciosamente,',
    signature: [
      'Gerente de compras',
      'Couto Cozinhas Lda | Rua do Porto 12 | 4050-270 Porto',
      'Tel. +351 22 099 41 27 | www.couto-cozinhas.example',
    ],
    legal:
      'Esta mensagem e seus anexos são confidenciais e destinam-se exclusivamente ao seu destinatário. Se recebeu esta mensagem por engano, por favor avise imediatamente o remetente e apague-a. É proibida a sua divulgação, cópia ou distribuição sem autorização.',
  },
  it: {
    customer: { name: 'Chiara Bellini', address: 'c.bellini@cliente.example' },
    subject: 'Il tuo ordine è in viaggio',
    messages: [
      'la fattura della centralina riporta una partita IVA sbagliata. Potete mandarmene una corretta entro venerdì? La nostra contabilità chiude il mese quel giorno.',
      'grazie per la risposta veloce. Ho provato tutto quello che mi avete scritto:\n\n1. spegnere e riaccendere la centralina\n2. un altro cavo\n3. un’altra presa\n\nNon è servito a nulla, la luce resta rossa. Che altro posso fare?',
      'due domande sul pacco:\n\nColore: ho ordinato bianco, è arrivato nero.\nMisura: il supporto è troppo corto per il mio muro.\n\nPosso cambiare entrambi, e chi paga la spedizione?',
    ],
    shop: [
      'grazie per il tuo ordine. La centralina è stata consegnata al corriere il 9 novembre.\n\nIn caso di emergenza chiama il numero sul retro del dispositivo.',
      'ti preghiamo di indicarci il numero d’ordine, così possiamo controllare.',
    ],
    note: 'qualcuno può occuparsi oggi di questa cliente? Ha chiamato anche la reception.',
    greeting: 'Buongiorno,',
    closing: 'Cordiali saluti',
    signature: [
      'Responsabile acquisti',
      'Bellini Cucine S.r.l. - Via del Porto 12 - 16124 Genova',
      'Tel. +39 010 099 4127 - www.bellini-cucine.example',
    ],
    legal:
      'Questo messaggio e i suoi allegati sono riservati e indirizzati esclusivamente al destinatario. Se avete ricevuto questa e-mail per errore, vi preghiamo di avvisare immediatamente il mittente e di cancellarla. È vietata qualsiasi copia, diffusione o utilizzo non autorizzato ai sensi del Regolamento UE 2016/679.',
  },
  nl: {
    customer: { name: 'Femke de Wit', address: 'f.dewit@klant.example' },
    subject: 'Uw bestelling is onderweg',
    messages: [
      'op de factuur van de hub staat het verkeerde btw-nummer. Kunt u mij voor vrijdag een verbeterde sturen? Onze boekhouding sluit dan de maand af.',
      'bedankt voor het snelle antwoord. Ik heb alles geprobeerd wat u schreef:\n\n1. hub uit en weer aan\n2. nieuwe kabel\n3. ander stopcontact\n\nNiets hielp, het lampje blijft rood. Wat kan ik nog meer doen?',
      'twee vragen over het pakket:\n\nKleur: ik bestelde wit en kreeg zwart.\nMaat: de beugel is te kort voor mijn muur.\n\nKan ik beide ruilen, en wie betaalt de verzendkosten?',
    ],
    shop: [
      'bedankt voor uw bestelling. Uw hub is op 9 november aan de vervoerder overgedragen.\n\nBel in geval van nood het nummer op de achterkant van het apparaat.',
      'wilt u ons uw bestelnummer geven, zodat we het kunnen nakijken?',
    ],
    note: 'kan iemand van jullie deze klant vandaag helpen? Ze heeft ook de receptie gebeld.',
    greeting: 'Beste mensen,',
    closing: 'Met vriendelijke groet,',
    signature: [
      'Hoofd inkoop',
      'De Wit Keukens B.V. | Havenweg 12 | 3011 AB Rotterdam',
      'T +31 10 990 4127 | www.dewit-keukens.example',
    ],
    legal:
      'Dit bericht en de bijlagen zijn vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Indien u dit bericht ten onrechte heeft ontvangen, verzoeken wij u de afzender onmiddellijk te informeren en het bericht te vernietigen. Openbaarmaking, vermenigvuldiging en verspreiding zonder toestemming is niet toegestaan.',
  },
  ja: {
    customer: { name: '真鍋 祥子', address: 'manabe@customer.example' },
    subject: 'ご注文の商品を発送しました',
    messages: [
      'ハブの請求書に記載された登録番号が間違っているようです。金曜日までに訂正したものを送っていただけますか。経理がその日に月を締めるためです。',
      '早速のご返信ありがとうございます。教えていただいたことはすべて試しました。\n\n1. ハブの電源を入れ直す\n2. ケーブルを替える\n3. 別のコンセントを使う\n\nそれでもランプは赤いままです。ほかに何をすればよいですか。',
      '荷物について二つ質問があります。\n\n色：白を注文しましたが、黒が届きました。\n大きさ：金具が短くて壁に合いません。\n\n両方とも交換できますか。送料はどちらの負担でしょうか。',
    ],
    shop: [
      'ご注文ありがとうございます。ハブは11月9日に発送いたしました。\n\n緊急の場合は、本体裏面の番号までお電話ください。',
      'お調べしますので、ご注文番号をお知らせください。',
    ],
    note: 'どなたか本日中にこのお客様の対応をお願いできますか。受付にもお電話がありました。',
    greeting: 'お世話になっております。',
    closing: 'よろしくお願いいたします。',
    signature: [
      '購買部 部長',
      '真鍋キッチン株式会社 〒231-0001 横浜市中区港町1-2',
      'TEL 045-990-4127 https://manabe-kitchen.example',
    ],
    legal:
      'このメールおよび添付ファイルには機密情報が含まれている場合があります。お心当たりのない方が受信された場合は、お手数ですが送信者までご連絡の上、直ちに削除してください。無断での複製、転載、第三者への開示は固く禁じられております。',
  },
  da: {
    customer: { name: 'Mette Kragh', address: 'm.kragh@kunde.example' },
    subject: 'Din ordre er på vej',
    messages: [
      'der står et forkert CVR-nummer på fakturaen for hubben. Kan I sende mig en rettet inden fredag? Vores bogholderi lukker måneden den dag.',
      'tak for det hurtige svar. Jeg har prøvet alt det, I skrev:\n\n1. hub slukket og tændt igen\n2. nyt kabel\n3. anden stikkontakt\n\nIntet hjalp, lampen er stadig rød. Hvad kan jeg ellers gøre?',
      'to spørgsmål om pakken:\n\nFarve: jeg bestilte hvid og fik sort.\nStørrelse: beslaget er for kort til min væg.\n\nKan jeg bytte begge dele, og hvem betaler portoen?',
    ],
    shop: [
      'tak for din ordre. Din hub blev overdraget til fragtmanden den 9. november.\n\nI nødstilfælde kan du ringe til nummeret på bagsiden.',
      'vil du oplyse dit ordrenummer, så vi kan se på det?',
    ],
    note: 'kan en af jer hjælpe denne kunde i dag? Hun har også ringet til receptionen.',
    greeting: 'Hej,',
    closing: 'Med venlig hilsen',
    signature: [
      'Indkøbschef',
      'Kragh Køkkener ApS | Havnegade 12 | 8000 Aarhus C',
      'Tlf. +45 32 12 34 56 | www.kragh-koekkener.example',
    ],
    legal:
      'Denne e-mail og eventuelle vedhæftede filer er fortrolige og kun bestemt for modtageren. Hvis du har modtaget denne e-mail ved en fejl, bedes du straks give afsenderen besked og slette den. Videregivelse eller kopiering uden tilladelse er ikke tilladt.',
  },
  sv: {
    customer: { name: 'Linnea Ek', address: 'l.ek@kund.example' },
    subject: 'Din beställning är på väg',
    messages: [
      'fakturan för hubben har fel momsnummer. Kan ni skicka en rättad före fredag? Vår bokföring stänger månaden då.',
      'tack för det snabba svaret. Jag har provat allt ni skrev:\n\n1. hubben av och på igen\n2. ny kabel\n3. annat uttag\n\nInget hjälpte, lampan lyser fortfarande rött. Vad mer kan jag göra?',
      'två frågor om paketet:\n\nFärg: jag beställde vitt och fick svart.\nStorlek: fästet är för kort för min vägg.\n\nKan jag byta båda, och vem betalar portot?',
    ],
    shop: [
      'tack för din beställning. Din hubb lämnades till transportören den 9 november.\n\nI nödfall, ring numret på baksidan.',
      'kan du uppge ditt ordernummer så att vi kan titta på det?',
    ],
    note: 'kan någon av er hjälpa den här kunden i dag? Hon har också ringt receptionen.',
    greeting: 'Hej,',
    closing: 'Med vänliga hälsningar',
    signature: [
      'Inköpschef',
      'Ek Kök AB | Hamngatan 12 | 411 06 Göteborg',
      'Tel. +46 31 390 41 27 | www.ek-kok.example',
    ],
    legal:
      'Detta meddelande och eventuella bilagor är konfidentiella och endast avsedda för mottagaren. Om du har fått detta meddelande av misstag ber vi dig att omedelbart meddela avsändaren och radera det. Spridning eller kopiering utan tillstånd är inte tillåten.',
  },
  pl: {
    customer: { name: 'Agnieszka Wrona', address: 'a.wrona@klient.example' },
    subject: 'Twoje zamówienie jest w drodze',
    messages: [
      'na fakturze za centralkę jest błędny NIP. Czy mogą Państwo przesłać poprawioną do piątku? Nasza księgowość zamyka wtedy miesiąc.',
      'dziękuję za szybką odpowiedź. Próbowałam wszystkiego, co Państwo napisali:\n\n1. wyłączyć i włączyć centralkę\n2. nowy kabel\n3. inne gniazdko\n\nNic nie pomogło, lampka nadal świeci na czerwono. Co jeszcze mogę zrobić?',
      'dwa pytania o paczkę:\n\nKolor: zamówiłam biały, przyszedł czarny.\nRozmiar: uchwyt jest za krótki do mojej ściany.\n\nCzy mogę wymienić oba i kto płaci za przesyłkę?',
    ],
    shop: [
      'dziękujemy za zamówienie. Centralka została przekazana kurierowi 9 listopada.\n\nW nagłych przypadkach prosimy dzwonić pod numer z tyłu urządzenia.',
      'prosimy o podanie numeru zamówienia, abyśmy mogli to sprawdzić.',
    ],
    note: 'czy ktoś może dziś zająć się tą klientką? Dzwoniła też na recepcję.',
    greeting: 'Dzień dobry,',
    closing: 'Pozdrawiam',
    signature: [
      'Kierownik zakupów',
      'Wrona Kuchnie Sp. z o.o. | ul. Portowa 12 | 80-001 Gdańsk',
      'tel. +48 58 990 41 27 | www.wrona-kuchnie.example',
    ],
    legal:
      'Niniejsza wiadomość i załączniki są poufne i przeznaczone wyłącznie dla adresata. Jeżeli otrzymali Państwo tę wiadomość omyłkowo, prosimy o niezwłoczne powiadomienie nadawcy i jej usunięcie. Kopiowanie, rozpowszechnianie lub ujawnianie bez zgody jest zabronione.',
  },
};
