import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * The most numbers of one slice that the library checks; a check takes a fifth of a millisecond for each
 * likely country. A slice with more numbers is a list or an attack: then any text in the form of a number counts.
 */
const MAX_CHECKS_PER_SLICE = 100;

export type PhoneChecker = {
  /** Whether the number is valid in the country of its country code. */
  isValid(internationalDigits: string): boolean;
  /** Whether its length is possible in the country of its country code. */
  isPossible(internationalDigits: string): boolean;
  /** Whether the number is valid in one of the likely countries. */
  isNational(digits: string): boolean;
  /** The number in E.164 if that is known, so that all spellings of a number get the same placeholder. */
  keyOf(candidate: { digits: string; isInternational: boolean }): string;
};

type InternationalNumber = {
  readonly isValid: boolean;
  readonly isPossible: boolean;
  readonly key: string | undefined;
};

/** Makes a checker for each slice. The library checks each number of a request only once. */
export type PhoneNumbers = { startSlice(): PhoneChecker };

/** `countries` are ISO 3166 codes, likely ones first. */
export function createPhoneNumbers(countries: readonly string[]): PhoneNumbers {
  const supported = countries.filter((country): country is CountryCode => isSupportedCountry(country));
  const nationals = new Map<string, string | null>();
  const internationals = new Map<string, InternationalNumber>();
  return { startSlice: () => createChecker({ supported, nationals, internationals }) };
}

function createChecker(options: {
  supported: readonly CountryCode[];
  nationals: Map<string, string | null>;
  internationals: Map<string, InternationalNumber>;
}): PhoneChecker {
  const { supported, nationals, internationals } = options;
  let checks = 0;
  /** Returns the number in E.164, or null when it is valid in no likely country. */
  const national = (digits: string): string | null => {
    const before = nationals.get(digits);
    if (before !== undefined) return before;
    if (checks >= MAX_CHECKS_PER_SLICE) return digits;
    checks++;
    let found: string | null = null;
    for (const country of supported) {
      const number = parsePhoneNumberFromString(digits, country);
      // Nobody writes a national number without its trunk prefix (30 … for 030 …), and too many figures would match.
      if (number?.isValid() !== true || number.formatNational().replace(/\D/g, '') !== digits) continue;
      found = number.number;
      break;
    }
    nationals.set(digits, found);
    return found;
  };
  const international = (digits: string): InternationalNumber | null => {
    const before = internationals.get(digits);
    if (before !== undefined) return before;
    if (checks >= MAX_CHECKS_PER_SLICE) return null;
    checks++;
    const parsed = parsePhoneNumberFromString(`+${digits}`);
    const number = {
      isValid: parsed?.isValid() ?? false,
      isPossible: parsed?.isPossible() ?? false,
      key: parsed?.number,
    };
    internationals.set(digits, number);
    return number;
  };
  return {
    isValid: (digits) => international(digits)?.isValid ?? false,
    isPossible: (digits) => international(digits)?.isPossible ?? true,
    isNational: (digits) => national(digits) !== null,
    keyOf: ({ digits, isInternational }) => {
      const code = isInternational ? digits : digits.startsWith('00') ? digits.slice(2) : null;
      if (code !== null) return international(code)?.key ?? `+${code}`;
      return national(digits) ?? digits;
    },
  };
}
