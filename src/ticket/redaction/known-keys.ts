// Patterns for the keys of common services, in lower case. Sources: the documentation of each service, and the rules of
// gitleaks 8 for which services there are.

const tail = (length: string) => `[a-z0-9_-]{${length}}`;

const services: readonly string[] = [
  // Language models
  `sk-(?=[a-z_-]{0,200}[0-9])${tail('16,300')}`,
  'gsk_[a-z0-9]{40,60}',
  'xai-[a-z0-9]{40,100}',
  'pplx-[a-z0-9]{32,64}',
  '(?:hf|api_org)_[a-z0-9]{30,40}',
  'r8_[a-z0-9]{30,50}',
  // Payments and shops
  '(?:sk|pk|rk)_(?:live|test|prod)_[a-z0-9]{8,250}',
  'whsec_[a-z0-9+/=_-]{16,200}',
  'sq0(?:atp|csp|idp)-[a-z0-9_-]{20,60}',
  'duffel_(?:live|test)_[a-z0-9_=-]{40,60}',
  'flw(?:sec|pub)k(?:_test)?-[a-h0-9x-]{12,50}',
  'shp(?:at|ca|pa|ss|ua)_[a-f0-9]{32}',
  'access_token\\$(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32}',
  // Code, packages, builds
  'gh[pousr]_[a-z0-9_]{20,255}',
  'github_pat_[a-z0-9_]{20,255}',
  `gl(?:pat|dt|rtr|rt|cbt|ptt|ffct|ft|imt|soat|agent|oas)-${tail('16,300')}`,
  'npm_[a-z0-9]{30,60}',
  `pypi-${tail('16,300')}`,
  'rubygems_[a-f0-9]{32,64}',
  `dckr_(?:pat|oat)_${tail('20,60')}`,
  'clojars_[a-z0-9]{60}',
  `sntry[su]_[a-z0-9+/=_-]{30,300}`,
  'akcp[a-z0-9]{69}',
  'sgp_[a-z0-9_-]{40,100}',
  'pul-[a-f0-9]{40}',
  // Clouds
  '(?:akia|(?:a3t[a-z0-9]|asia|abia|acca|aroa|aida|agpa|aipa|anpa|anva)(?=[a-z]{0,15}[0-9]))[0-9a-z]{16}',
  'ltai(?=[a-z]{0,19}[0-9])[a-z0-9]{20}',
  `aiza${tail('30,60')}`,
  `ya29\\.${tail('20,500')}`,
  `gocspx-${tail('20,60')}`,
  `1//0${tail('20,200')}`,
  '[a-z0-9_~.]{3}[0-9]q~[a-z0-9_~.-]{31,34}',
  'do[oprt]_v1_[a-f0-9]{64}',
  'v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}',
  `hrku-${tail('36,70')}`,
  'fm[12][a-z]?_[a-z0-9+/=_,-]{40,1000}',
  'sbp_[a-f0-9]{40}',
  `pscale_(?:tkn|pw|oauth)_[a-z0-9=_.-]{32,64}`,
  `nfp_[a-z0-9]{36,50}`,
  `dapi[0-9a-f]{32}(?:-[0-9])?`,
  `tfp_[a-z0-9_]{40,100}`,
  `[a-z0-9]{14}\\.atlasv1\\.[a-z0-9=_-]{60,70}`,
  // Messages and mail
  'xox[a-z](?:\\.xox[a-z])?-[a-z0-9-]{10,300}',
  'xapp-[0-9a-z-]{10,200}',
  'sg\\.[a-z0-9_=-]{16,40}\\.[a-z0-9_=-]{16,80}',
  '(?:ac|sk)[0-9a-f]{32}',
  'key-[0-9a-f]{32}',
  '[0-9a-f]{32}-us[0-9]{1,2}',
  'xkeysib-[a-f0-9]{64}-[a-z0-9]{16}',
  `[0-9]{8,10}:aa${tail('33')}`,
  '[mno](?=[a-z_-]{0,24}[0-9])[a-z0-9_-]{23,26}\\.[a-z0-9_-]{6}\\.[a-z0-9_-]{27,40}',
  'eaa[a-z](?=[a-z]{0,99}[0-9])[a-z0-9]{60,300}',
  // Work and operations
  'lin_api_[a-z0-9]{32,50}',
  'ntn_[a-z0-9]{40,60}',
  'secret_[a-z0-9]{40,50}',
  `figd_${tail('36,60')}`,
  'at(?:att|ctt)3[a-z0-9_=-]{60,300}',
  'pat[a-z0-9]{14}\\.[0-9a-f]{64}',
  'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[a-z0-9._-]{36,60}',
  'hv[sbr]\\.[a-z0-9_-]{20,300}',
  'gl(?:sa|c)_[a-z0-9_=+/-]{20,400}',
  'nr(?:ak|ii|js|ra)-[a-z0-9]{19,50}',
  'pmak-[0-9a-f]{24}-[0-9a-f]{34}',
  'a3-[a-z0-9]{6}-(?:[a-z0-9]{11}|[a-z0-9]{6}-[a-z0-9]{5})(?:-[a-z0-9]{5}){3}',
  'ops_eyj[a-z0-9+/=_-]{50,4000}',
  'age-secret-key-1[a-z0-9]{58}',
];

/** A JSON Web Token, or a part of one. */
const webToken = 'eyj[a-z0-9_-]{8,8000}(?:\\.[a-z0-9_-]{2,8000}){1,4}\\.?|eyj[a-z0-9+/_=-]{60,8000}';

/** Matches keys of services anywhere in a text. */
export const serviceKey = new RegExp(`(?<![a-z0-9])(?:${services.join('|')}|${webToken})(?![a-z0-9])`, 'g');

const beginOrEnd = (word: string) => `-{3,6} ?${word} [a-z0-9 ]{2,50}-{3,6}`;
/**
 * Characters between the lines of a key: line breaks, also written as `\n` in JSON, and quote marks of mails and code.
 */
const between = `(?:[\\s>|"'\`,;]|\\\\[nr]){1,12}`;
const keyHeader = '(?:proc-type|dek-info|version|comment|charset|hash|message-?id|key-?id): [^\\n]{0,200}';
const keyLine = `(?:${keyHeader}|[a-z0-9+/=]{16,8000}|[a-z0-9+/=]{1,76}(?=${between}?${beginOrEnd('end')}))`;
/** Matches private keys, certificates and similar blocks from BEGIN to END, or as far as they were copied. */
export const pemBlock = new RegExp(
  `(?:${beginOrEnd('begin')}|private-lines: [0-9]{1,3})(?:${between}${keyLine}){1,400}(?:${between}?${beginOrEnd('end')})?`,
  'g',
);
