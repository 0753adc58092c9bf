const examples = ['my parcel', 'a parcel is lost', 'my invoice', 'an invoice is wrong'].map((text) => ({
  text,
  label: text.includes('parcel') ? 0 : 1,
  weight: 1,
  isReadable: true,
}));
const profiles = ['parcel', 'invoice'].map((name) => ({ id: name, name, texts: [name] }));

/** A training of two intents on four examples. */
export const smallTrainingJob = { key: 'k', cacheDir: null, encoderId: null, examples, profiles };
