import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact } from './redact-ticket.ts';

const redactBody = (body: string, language = 'en') =>
  redact({ ticket: { id: 't', language, body }, texts: [] }).ticket.body ?? '';

/**
 * Random text of these characters, like a service's key. Built at run time, so that no scanner takes it for a real key.
 */
const text = (pattern: RegExp) => fc.stringMatching(pattern);
const alnum = (length: number) => text(new RegExp(`^[a-zA-Z0-9]{${length}}$`));
const hex = (length: number) => text(new RegExp(`^[0-9a-f]{${length}}$`));
const urlSafe = (length: number) => text(new RegExp(`^[a-zA-Z0-9_-]{${length - 2}}[a-z][0-9]$`));
const after = (prefix: string, tail: fc.Arbitrary<string>) => tail.map((rest) => prefix + rest);

// Keys in the forms that the services document.
const keys: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'Stripe secret key, test': after('sk_test_', alnum(24)),
  'Stripe secret key, live': after('sk_live_', alnum(99)),
  'Stripe restricted key, test': after('rk_test_', alnum(24)),
  'Stripe restricted key, live': after('rk_live_', alnum(24)),
  'Stripe webhook secret': after('whsec_', alnum(32)),
  'GitHub personal token': after('ghp_', alnum(36)),
  'GitHub OAuth token': after('gho_', alnum(36)),
  'GitHub user-to-server token': after('ghu_', alnum(36)),
  'GitHub server-to-server token': after('ghs_', alnum(36)),
  'GitHub refresh token': after('ghr_', alnum(76)),
  'GitHub fine-grained token': fc.tuple(alnum(22), alnum(59)).map(([a, b]) => `github_pat_${a}_${b}`),
  'GitLab token': after('glpat-', urlSafe(20)),
  'npm token': after('npm_', alnum(36)),
  'PyPI token': after('pypi-AgEIcHlwaS5vcmc', urlSafe(80)),
  'SendGrid key': fc.tuple(urlSafe(22), urlSafe(43)).map(([a, b]) => `SG.${a}.${b}`),
  'Twilio account': after('AC', hex(32)),
  'Twilio key': after('SK', hex(32)),
  'AWS access key': after('AKIA', text(/^[A-Z2-7]{16}$/)),
  'AWS temporary access key': after('ASIA', text(/^[A-Z2-7]{15}[2-7]$/)),
  'AWS secret access key': text(/^[A-Za-z0-9/+]{38}[a-z][0-9]$/),
  'Slack bot token': fc.tuple(text(/^\d{12}$/), text(/^\d{13}$/), alnum(24)).map((parts) => `xoxb-${parts.join('-')}`),
  'Slack user token': fc.tuple(text(/^\d{12}$/), text(/^\d{12}$/), hex(32)).map((parts) => `xoxp-${parts.join('-')}`),
  'Google API key': after('AIza', urlSafe(35)),
  'Google OAuth token': after('ya29.', urlSafe(120)),
  'Google client secret': after('GOCSPX-', urlSafe(28)),
  'OpenAI project key': after('sk-proj-', urlSafe(120)),
  'Anthropic key': after('sk-ant-api03-', urlSafe(95)),
  'Hugging Face token': after('hf_', text(/^[a-zA-Z]{34}$/)),
  'DigitalOcean token': after('dop_v1_', hex(64)),
  'Shopify token': after('shpat_', hex(32)),
  'Mailgun key': after('key-', hex(32)),
  'Mailchimp key': hex(32).map((start) => `${start}-us14`),
  'Telegram bot token': after('7123456789:AA', urlSafe(33)),
  'JSON Web Token': fc
    .tuple(urlSafe(30), urlSafe(90), urlSafe(43))
    .map(([a, b, c]) => `eyJhbGciOi${a}.eyJzdWIiOi${b}.${c}`),
  'Vault token': after('hvs.', urlSafe(90)),
};

describe('keys of services', () => {
  test.each(Object.entries(keys))('%s', (_name, key) => {
    fc.assert(
      fc.property(key, (value) => {
        expect(redactBody(`We used ${value}, is that right?`)).toBe('We used [CREDENTIAL_1], is that right?');
        expect(redactBody(`{"k":"${value}"}`)).toBe('{"k":"[CREDENTIAL_1]"}');
      }),
      { numRuns: 30, seed: 7 },
    );
  });

  test('the keys in the AWS documentation', () => {
    expect(redactBody('AKIAIOSFODNN7EXAMPLE and wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY do not work')).toBe(
      '[CREDENTIAL_1] and [CREDENTIAL_2] do not work',
    );
  });

  test('random strings of unknown services', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('acme_pk_', 'zz-', 'tok.', ''),
        text(/^[a-zA-Z0-9]{46}[a-z][A-Z]\d\d$/),
        (prefix, tail) => {
          expect(redactBody(`Our key ${prefix}${tail} expired`)).not.toContain(tail);
        },
      ),
      { numRuns: 100, seed: 7 },
    );
  });
});

const base64Lines = (lines: number) =>
  fc
    .tuple(
      fc.array(text(/^[A-Za-z0-9+/]{64}$/), { minLength: lines, maxLength: lines }),
      text(/^[A-Za-z0-9+/]{1,62}={0,2}$/),
    )
    .map(([full, last]) => [...full, last]);

describe('PEM blocks', () => {
  test.each([
    ['RSA PRIVATE KEY', 25],
    ['PRIVATE KEY', 1],
    ['EC PRIVATE KEY', 3],
    ['ENCRYPTED PRIVATE KEY', 30],
    ['OPENSSH PRIVATE KEY', 38],
    ['PGP PRIVATE KEY BLOCK', 60],
    ['CERTIFICATE', 20],
    ['PUBLIC KEY', 6],
  ])('%s', (kind, length) => {
    fc.assert(
      fc.property(base64Lines(length), fc.constantFrom('\n', '\r\n', '\n> ', ' ', '\\n'), (lines, between) => {
        const block = [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join(between);
        expect(redactBody(`Here it is:\n${block}\nThanks, Ana`)).toBe('Here it is:\n[CREDENTIAL_1]\nThanks, Ana');
      }),
      { numRuns: 10, seed: 7 },
    );
  });

  test('with headers, and one that was not copied to its end', () => {
    const line = 'MIIEpAIBAAKCAQEA7bq3vE5l2cY0kK1c8k9Yk3qG5eW2X1y7Z0a1b2c3d4e5f6g7';
    const headers = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n';
    expect(redactBody(`-----BEGIN RSA PRIVATE KEY-----\n${headers}\n${line}\n${line}\nRegards, Ana`)).toBe(
      '[CREDENTIAL_1]\nRegards, Ana',
    );
  });

  test('a sentence about a key is not changed', () => {
    const body = 'The file begins with -----BEGIN CERTIFICATE----- and your form refuses it.';
    expect(redactBody(body)).toBe(body);
  });
});

describe('passwords in sentences', () => {
  test.each([
    // English
    ['My password is hunter2 and it does not work', 'hunter2'],
    ['the password was still Tr0ub4dor&3', 'Tr0ub4dor&3'],
    ['Password for the guest network is Pine-Tree-77', 'Pine-Tree-77'],
    ['my password is "sunshine"', 'sunshine'],
    ['My passcode is: bluebird', 'bluebird'],
    ['I changed my password to Oak_Leaf9 yesterday', 'Oak_Leaf9'],
    ['The password has been set to Welcome2026 by your agent', 'Welcome2026'],
    ['password is 271828', '271828'],
    ['my password hunter2 is refused', 'hunter2'],
    ['hunter2 is my password, what now', 'hunter2'],
    ['User: ana Pass: tulip7', 'tulip7'],
    ['my password is Hunter22! and', 'Hunter22!'],
    ['the API key is 9f8e7d6c5b4a, please check', '9f8e7d6c5b4a'],
    ['I tried the password "letmein" twice', 'letmein'],
    ['Password - tulip7', 'tulip7'],
    ['| User | ana | Password | tulip7 |', 'tulip7'],
    // German
    ['Das Passwort „Käsebrot“ geht nicht', 'Käsebrot'],
    ['Mein Passwort lautet Sommer2026', 'Sommer2026'],
    ['Passwort lautet: Regenbogen', 'Regenbogen'],
    ['Das Passwort Kiesel44 geht nicht', 'Kiesel44'],
    ['Das Passwort lautet Sonnenblume und geht nicht', 'Sonnenblume'],
    ['mein WLAN-Passwort ist jetzt Blau!Wal7', 'Blau!Wal7'],
    ['Das Kennwort für den Zugang heißt Kiesel#4', 'Kiesel#4'],
    ['Ich habe das Passwort auf Herbst-19a geändert', 'Herbst-19a'],
    ['Passwort: Regenbogen', 'Regenbogen'],
    // French
    ['mot de passe : azerty', 'azerty'],
    ['Mon mot de passe est Soleil#12', 'Soleil#12'],
    ["le mot de passe c'est lavande44", 'lavande44'],
    ["j'ai changé mon mot de passe pour Rivi3re! hier", 'Rivi3re!'],
    ['mdp: papillon8', 'papillon8'],
    ['Mon mot de passe actuel est: lavande', 'lavande'],
    ['Ma clé API est 1234abcd5678', '1234abcd5678'],
    // Spanish
    ['contraseña nueva: Perro#1', 'Perro#1'],
    ['la contraseña es Girasol_9 y no entra', 'Girasol_9'],
    ['Mi contraseña es: girasol', 'girasol'],
    ['mi clave es perro123', 'perro123'],
    ['cambié la contraseña a Montaña77 ayer', 'Montaña77'],
    // Portuguese
    ['a senha é cavalo42 e não funciona', 'cavalo42'],
    ['Minha palavra-passe é Azulejo!5', 'Azulejo!5'],
    ['senha: cachoeira', 'cachoeira'],
    // Japanese
    ['パスワードはsakura88です', 'sakura88'],
    ['パスワードは「sakura」です', 'sakura'],
    ['パスワードは「ねこ1」です', 'ねこ1'],
    ['パスワード：Fuji-san3', 'Fuji-san3'],
    ['ﾊﾟｽﾜｰﾄﾞはneko2026です', 'neko2026'],
    ['暗証番号は4821です', '4821'],
    // Arabic
    ['كلمة المرور هي qamar55 ولا تعمل', 'qamar55'],
    ['كلمة السر: najma', 'najma'],
    ['كلمة المرور هي قطة123 ولا تعمل', 'قطة123'],
    ['كلمة المرور: "قطة"', 'قطة'],
    ['كلمة المرور الخاصة بي هي Shams#8', 'Shams#8'],
    // Codes
    ['My PIN is 4821 and the lock stays shut', '4821'],
    ['CVC: 737', '737'],
    ['the verification code is 845 221', '845 221'],
  ])('%s', (body, secret) => {
    expect(redactBody(body)).toBe(body.replace(secret, '[CREDENTIAL_1]'));
  });

  test.each([
    ['DB_PASSWORD=correcthorse', 'correcthorse'],
    ['DB_PASSWORD=secret', 'secret'],
    ['export PGPASSWORD=plain;', 'plain'],
    ['spring.datasource.password: winter', 'winter'],
    ['"password": "swordfish",', 'swordfish'],
    ["'client_secret' => 'abc def',", 'abc def'],
    ['AWS_SECRET_ACCESS_KEY = "abcd"', 'abcd'],
    ['api_key: 1a2b3c4d5e', '1a2b3c4d5e'],
    ['Server=db;User=sa;Password=Str0ng;Timeout=3', 'Str0ng'],
    ['mysql --user ana --password tulip', 'tulip'],
    ['<password>tulip</password>', 'tulip'],
    ['Authorization: Basic YW5hOnR1bGlw', 'YW5hOnR1bGlw'],
    ['curl -u ana:tulip https://x.example', 'ana:tulip'],
    ['Username: ana\nPassword: tulip\nThanks', 'tulip'],
    ['Passwort:\nTulpe_42\nDanke', 'Tulpe_42'],
    ['Passwort:\n\n  Tulpe_42\n\nDanke', 'Tulpe_42'],
    ['Cookie: PHPSESSID=q1w2e3r4t5', 'q1w2e3r4t5'],
  ])('assigned: %s', (body, secret) => {
    expect(redactBody(body)).toBe(body.replace(secret, '[CREDENTIAL_1]'));
  });

  // Random passwords, so that the patterns are not tested only with passwords that they were written for.
  test('any password, in sentences and settings', () => {
    const password = fc
      .tuple(
        text(/^[A-Za-z]{2,12}$/),
        fc.constantFrom('#', '_', '!', '-', '', '*', '$'),
        text(/^\d{1,4}$/),
        text(/^[a-z]{0,3}$/),
      )
      .map((parts) => parts.join(''))
      .filter((word) => word.length >= 6);
    const sentence = fc.constantFrom<(password: string) => string>(
      (word) => `Hello, my password is ${word}. Thank you`,
      (word) => `passwort ist ${word}, bitte prüfen`,
      (word) => `Le mot de passe est ${word} merci`,
      (word) => `La contraseña era ${word}, gracias`,
      (word) => `A senha é ${word} obrigado`,
      (word) => `パスワードは${word}です。`,
      (word) => `كلمة المرور: ${word} شكرا`,
      (word) => `SMTP_PASSWORD=${word}`,
      (word) => `{"user":"x","password":"${word}"}`,
      (word) => `pwd: ${word}`,
    );
    fc.assert(
      fc.property(password, sentence, (word, say) => {
        const shown = redactBody(say(word));
        expect(shown).not.toContain(word);
        const withoutSigns = (said: string) => said.replace(/[.,。]/g, '');
        expect(withoutSigns(shown.replace('[CREDENTIAL_1]', ''))).toBe(withoutSigns(say('')));
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

describe('ordinary support sentences are not changed', () => {
  test.each([
    ['my password is not working'],
    ['I forgot my password and the reset mail does not arrive'],
    ['My password is wrong! It says password is incorrect.'],
    ['Password reset: please help'],
    ['The password must be 12 characters long and have a number'],
    ['my password expired 3 days ago, order NN-48213'],
    ['password is the same as before, since 2026-11-22 10:30'],
    ['Send the password to my wife please'],
    ['I changed my password 2 times and I was charged $12.99'],
    ['Forgot password?\nOrder 8842 is late'],
    ['The password page is https://northnook.example/reset and it is blank'],
    ['the secret is that nobody reads the manual, 100% sure'],
    ['Is the token valid for 30 minutes or 2 days?'],
    ['Your secretary told me: 14 days'],
    ['the key is under the mat, the key: turn it twice'],
    ['Error: invalid token'],
    ['token: expired'],
    ['Passwort vergessen'],
    ['Das Passwort ist falsch, das Passwort: vergessen'],
    ['Mein Passwort ist seit 3 Tagen gesperrt'],
    ['Passwort ändern geht nicht, siehe Rechnung 2026-0042'],
    ['Mot de passe oublié, commande 12345'],
    ['Mon mot de passe est incorrect depuis 2 jours'],
    ['mot de passe : oublié'],
    ['la contraseña es incorrecta desde hace 3 días'],
    ['Olvidé mi contraseña. Pedido 8842'],
    ['La clave es tener paciencia'],
    ['a senha é inválida e o pedido é o 48213'],
    ['Esqueci minha senha há 2 dias'],
    ['パスワードを忘れました。注文番号 NN-48213'],
    ['パスワードを3回間違えました'],
    ['パスワードはiPhoneで変更できません'],
    ['نسيت كلمة المرور والطلب 48213'],
    ['كلمة المرور لا تعمل في NorthNook'],
    ['commit 9fceb02d0ae598e95dc970b74767f19372d61af8 broke it'],
    ['sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['request id 3f2504e0-4f89-41d3-9a0c-0305e82c3301, {3F2504E0-4F89-41D3-9A0C-0305E82C3301}'],
    ['AbstractSingletonProxyFactoryBean and SimpleBeanFactoryAwareAspectInstanceFactory throw'],
    ['see northnook.example/help/getting-started-with-your-new-hub-and-cameras-2026'],
    ['serial NH2-0413-77QX, tracking 1Z999AA10123456784'],
    ['sku-large-blue-cotton-shirt-with-long-sleeves-2026'],
    ['the pin 12 of the connector is bent, pins 3 and 4 too'],
    ['error code: 1234, discount code SAVE2026, confirmation code KX4921'],
    ['login page is down since 10:30, access code panel is black'],
    ['I forgot my password\n\nNN-48213\n'],
    ['the password "reset" page and the "password" field'],
    ['password - NN-48213 - urgent'],
    ['パスワードの「再発行」ボタンが動きません'],
    ['Password: '],
    ['password: ********'],
    ['password=$DB_PASSWORD and password={{password}}'],
    ['I need the password for Office365, my password Windows11 and password NN-48213'],
    ['My boarding pass is ABC123, the ski pass: 2 adults'],
    ['The TAN 2019 is old'],
    ['The PIN pad costs 1,299.00 EUR'],
  ])('%s', (body) => {
    expect(redactBody(body)).toBe(body);
  });
});
