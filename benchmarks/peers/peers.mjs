// All peers with the same interface: `train(rows)` returns a function from text to label. Each uses the settings that
// its documentation shows for text classification; fastText the best of five settings tried on the insurance test.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const peers = {
  'fasttext.wasm.js': async (rows) => {
    const { getFastTextClass, getFastTextModule } = await import('fasttext.wasm.js');
    const FastText = await getFastTextClass({ getFastTextModule });
    const labels = [...new Set(rows.map(([, label]) => label))];
    const flat = (text) =>
      text
        .toLowerCase()
        .replace(/\s+/g, ' ')
        .replace(/([?.!,;:()"])/g, ' $1 ');
    const lines = rows.map(([text, label]) => `__label__${labels.indexOf(label)} ${flat(text)}\n`).join('');
    const url = `data:text/plain;base64,${Buffer.from(lines).toString('base64')}`;
    const epoch = rows.length < 1500 ? 300 : 50;
    const settings = { lr: 1, dim: 100, epoch, wordNgrams: 2, minn: 3, maxn: 5, bucket: 200_000, loss: 'softmax' };
    const model = await new FastText().trainSupervised(url, settings, () => undefined);
    return (text) => {
      const found = model.predict(flat(text), 1, 0);
      return found.size() === 0 ? null : labels[Number(found.get(0)[1].replace('__label__', ''))];
    };
  },
  natural: async (rows) => {
    const { BayesClassifier } = require('natural');
    const classifier = new BayesClassifier();
    for (const [text, label] of rows) classifier.addDocument(text, label);
    classifier.train();
    return (text) => classifier.classify(text);
  },
  'node-nlp': async (rows) => {
    const { NlpManager } = require('node-nlp');
    const manager = new NlpManager({ languages: ['en'], autoSave: false, autoLoad: false, nlu: { log: false } });
    for (const [text, label] of rows) manager.addDocument('en', text, label);
    await manager.train();
    return async (text) => (await manager.process('en', text)).intent;
  },
  'wink-naive-bayes-text-classifier': async (rows) => {
    const classifier = require('wink-naive-bayes-text-classifier')();
    const { string, tokens } = require('wink-nlp-utils');
    classifier.definePrepTasks([string.lowerCase, string.tokenize0, tokens.stem]);
    classifier.defineConfig({ considerOnlyPresence: false, smoothingFactor: 0.5 });
    for (const [text, label] of rows) classifier.learn(text, label);
    classifier.consolidate();
    return (text) => classifier.predict(text);
  },
};
