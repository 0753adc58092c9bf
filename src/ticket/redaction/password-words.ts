// Parts of regular expressions for words around a password, as in folded text: in lower case, without accents.

/** Words for a password. Compounds (`WLAN-Passwort`, `DB_PASSWORD`) end in one of these. */
export const passwordWord =
  '(?:pass ?wor[dt]|passwd|pass ?phrase|pass ?code|kennwort|zugangscode|wachtwoord|contrasena|palavra[- ]?passe|motdepasse|mot de passe' +
  '|(?<!(?:boarding|ski|day|bus|season|guest|press|rail|lift|hall|city|museum|back|travel)[ -])(?<![a-z])pass(?![a-z])|(?<![a-z])(?:pwd?|pw|mdp|clave|senha|code secret|code d.acces|codigo de acceso|codigo de acesso|has[lł](?:o|a|em)|parol(?:a|ei|e|ą)|slaptazodis|lozinka)(?![a-z])' +
  '|(?<![a-z])(?:passord|losenord|adgangskode|kodeord|heslo|hesla|heslem|salasana|jelszo|jelszava|sifre)[a-z]{0,5}(?![a-z]))';
/** Words for a password in Japanese, Chinese and Arabic, which need their own patterns. */
export const passwordWordInOtherScripts =
  '(?:парол(?:ь|я|ем|и|ю)|κωδικος προσβασης|συνθηματικο|סיסמה|סיסמא|비밀번호|패스워드|암호|รหัสผ่าน|[ハパ]\u309a?スワー[ドト]\u3099?|[ハパ]\u309a?スコー[ドト]\u3099?|暗証番号|密码|密碼|口令|كلمة (?:ال)?(?:مرور|سر)ي?|كلمتي السرية|(?:ال)?رقم(?:ي)? السري|(?:ال)?باسوو?رد|رمز (?:ال)?(?:دخول|مرور))';
/** Words for other secrets, as in programs, settings and forms. */
export const secretWord =
  '(?:(?:client|api|app|shared|webhook|signing|consumer|jwt)[ _-]?secret|secret|(?:access|auth|api|bearer|bot|refresh|session|id|csrf|personal)[ _-]?token|token' +
  '|(?:api|access|secret|private|encryption|account|auth|license|shared|signing|service)[ _-]?key|apikey|credentials?|session[ _-]?id|phpsessid|jsessionid|connect\\.sid|(?<![a-z])auth(?![a-z])' +
  '|cle (?:d.)?(?:api|acces|secrete|privee)|clave (?:de )?(?:api|secreta|privada)|chave (?:de )?(?:api|acesso|secreta|privada)|(?:api|zugriffs|geheim)[- ]?schlussel|(?:api|アクセス|シークレット)[ -]?キー|مفتاح (?:ال)?api)';
/** Words for short secret numbers, such as a PIN. */
export const codeWord =
  '(?:(?<![a-z])(?:pin(?: ?(?:code|number|nummer))?|puk|tan|otp|cv[vc]2?|csc)(?![a-z])|kartenpruf(?:nummer|ziffer|nr)|(?:alarm|disarm|door|(?<![a-z])gate|keypad|verification|security|login|log-in|one[ -]time|2fa|mfa|access|sicherheits|bestatigungs|verifizierungs|(?<![a-z])(?:haus|wohnungs)?tur|zugangs|verificatie|toegangs|verifierings|bekræftelses|sikkerheds|vahvistus|turvavahvistus|anmelde|einmal)[ -]?(?:code|pin|passcode|kode|kod|koodi)' +
  '|kod (?:weryfikacyjny|dostepu|alarmu)|overovaci kod|dogrulama kodu|codice (?:di verifica|di sicurezza|di accesso|pin)|код (?:подтверждения|доступа|из смс)|(?:验证|驗證|確認|安全)码|验证碼|인증(?:번호|코드)' +
  '|code (?:pin|de verification|de securite|de connexion)|codigo (?:pin|de verificacion|de seguridad|de verificacao|de seguranca)|(?:確認|認証|セキュリティ)コード|رمز (?:ال)?(?:تحقق|أمان))';

/** Adjectives after the word, as in "contraseña nueva", and words such as "again". */
export const adjective =
  '(?: (?:new|old|current|temporary|again|nuev[ao]|actual|antigu[ao]|viej[ao]|temporal|actuel|nouveau|ancien|temporaire|provisoire|atual|nov[ao]|antig[ao]|provisori[ao]|mea|mia|noastra|wi-?fi|wlan|admin|e?-?mail|compte|konto|account|app|router|routeur|portal)){0,2}';

/** Words that may come before the verb: "for the router", "zum Konto", "de mon compte". */
export const belonging =
  '(?: (?:for|of|on|to|at|in|fur|zum|zur|zu|von|vom|pour|de|du|des|del|da|do|para|em|na|no) [^.,;!?\\n:=]{1,40}?)?';
/** Verbs and signs between the word and the password. */
export const verb =
  '(?:(?<=has[lł]o )to|(?<=salasana(?:ni|mme)? )on|is|was|are|were|will be|should be|must be|remains|reads|as follows|ist|war|lautet|lautete|heisst|heißt|sei|ware|wie folgt|est|etait|c.est|sera|brzmi|jest|lyder|luidt|zni|este|er|ar|je|es|era|fue|e|foi|eh|=|->)';
/** Adverbs after the verb. */
export const adverb =
  '(?: (?:now|still|currently|always|just|simply|actually|probably|the following|jetzt|nun|noch|aktuell|derzeit|immer|nur|folgendes|wie folgt|maintenant|toujours|actuellement|le suivant|ahora|todavia|siempre|la siguiente|agora|ainda|sempre|a seguinte)){0,2}';
/** Beginnings of verbs for changing a password. */
export const changeVerb =
  /(?:chang|set|reset|updat|modif|geander|gesetzt|zuruckgesetzt|ander|cambi|restablec|actualiz|reinitialis|mis|remplac|mud|alter|troc|redefin)/;

/** Products, algorithms and references that may follow the word: "password Office365", "password SHA256", "E31". */
export const notAdjacent =
  /^(?:[a-z]{1,3}[-_]?\d[\w-]*|(?:office|windows|iphone|ipad|android|galaxy|pixel|base|bcrypt|outlook|chrome|firefox|macos|xbox|oauth|microsoft|route|unix|login|account|user|order|ticket|case|version|step|error)[-_#]?\d[\w.-]*)$/;
