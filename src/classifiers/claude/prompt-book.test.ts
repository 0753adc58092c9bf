import { describe, expect, test } from 'vitest';
import { parseTaxonomy } from '../../taxonomy/parse-taxonomy.ts';
import { claudeSettings, goodAnswer, shopTaxonomy } from '../../testing/claude-fixtures.ts';
import { schemaProblem } from '../../testing/fake-claude-schema.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { createPromptBook, FLAT_MAXIMUM_LEAVES } from './prompt-book.ts';

const book = createPromptBook({ taxonomy: shopTaxonomy, settings: claudeSettings });
const withSettings = (settings: Partial<typeof claudeSettings>) =>
  createPromptBook({ taxonomy: shopTaxonomy, settings: { ...claudeSettings, ...settings } });

const treeOf = (options: { branches: number; leaves: number; head?: string }) =>
  parseTaxonomy({
    file: 'tree.yaml',
    text: [
      'name: T',
      options.head ?? '',
      'intents:',
      ...Array.from({ length: options.branches }, (_, branch) =>
        [
          `  - id: branch-${branch}`,
          `    name: Branch ${branch}`,
          '    description: d',
          '    children:',
          ...Array.from(
            { length: options.leaves },
            (__, leaf) =>
              `      - { id: branch-${branch}/leaf-${branch}-${leaf}, name: Leaf ${branch} ${leaf}, description: d }`,
          ),
        ].join('\n'),
      ),
    ].join('\n'),
  });

describe('the fixed part', () => {
  test('has every leaf with its description and borders, and the advice of its branch', () => {
    const { system } = book.first;
    expect(system).toContain('- double_charge: The customer was charged twice or too much and wants it back.');
    expect(system).toContain('Borders: They send goods back: returns wins');
    expect(system).toContain('Money already taken is double_charge, papers are invoices.');
    expect(system).toContain('whichever comes first here: double_charge > order_status > returns.');
  });

  test('explains the hard cases, each with worked examples and their reasons', () => {
    const { system } = book.first;
    for (const rule of ['Unspoken requests', 'Emotion', 'Several issues', 'None fits', 'Orders in the ticket']) {
      const section = system.slice(system.indexOf(rule));
      expect(section.slice(0, section.indexOf('\n', section.indexOf('->')))).toMatch(/-> .*Why: /s);
    }
  });

  test("shows a case of several issues in the company's own order, where it has one", () => {
    const unranked = createPromptBook({ taxonomy: { ...shopTaxonomy, priority: [] }, settings: claudeSettings });
    expect(book.first.system).toContain('-> double_charge; returns is secondary. Why: the order above decides');
    expect(book.first.system).not.toContain('weighs more than curiosity');
    expect(unranked.first.system).toContain('weighs more than curiosity');
  });

  test('reverses the rule for angry tickets where the taxonomy says so', () => {
    const angry = createPromptBook({
      taxonomy: { ...shopTaxonomy, whenAngry: 'complaint' },
      settings: claudeSettings,
    });
    expect(book.first.system).toContain('classify by what is asked, never by the tone');
    expect(angry.first.system).toContain('a ticket that is plainly angry is a complaint');
    expect(angry.version).not.toBe(book.version);
  });

  test('says when an example wins, and that a neighbouring case or a disagreement of examples does not', () => {
    const { system } = book.first;
    const rule = system.slice(system.indexOf('6. Examples'), system.indexOf('7. <earlier>'));
    expect(rule).toMatch(/only where its facts are those of the ticket/);
    expect(rule).toMatch(/neighbouring case: there the description decides, and also where matching examples disagree/);
    expect(rule).toMatch(/where an example overrides your reading, you are at most likely/);
    expect(rule).toMatch(/charge on my bill.*-> .*Why: /);
  });

  test('ranks the opinion of the embedded engine below examples and meaning, and has no rule for it where none is sent', () => {
    expect(book.first.system).toMatch(/8\. <engine>.*A matching example wins, then the plain meaning, then the engine/);
    const without = withSettings({ hint: 'never' });
    expect(without.first.system).not.toContain('<engine>');
    expect(without.version).not.toBe(book.version);
  });

  test("contains the company's own advice", () => {
    const own = withSettings({ instructions: 'Anything about gift cards is double-charge.' });
    expect(own.first.system).toContain("# This company's advice\nAnything about gift cards is double_charge.");
    expect(own.version).not.toBe(book.version);
  });

  test('is long enough for the cache of Haiku 5.5 even with the smallest tree', () => {
    const tiny = createPromptBook({
      taxonomy: parseTaxonomy({
        file: 't.yaml',
        text: 'name: T\nintents:\n  - { id: a, name: A, description: d }\n  - { id: b, name: B, description: d }',
      }),
      settings: claudeSettings,
    });
    // 512 tokens is the minimum; the estimate may be a third too high.
    expect(estimateTokens(tiny.first.system)).toBeGreaterThan(512 * 1.4);
  });
});

describe('the version', () => {
  test('is the same for the same content, and changes with everything that is sent', () => {
    expect(withSettings({}).version).toBe(book.version);
    const versions = [
      book,
      withSettings({ output: 'xml' }),
      withSettings({ effort: 'high' }),
      withSettings({ thinking: 'adaptive' }),
      withSettings({ strategy: 'hierarchy' }),
    ].map(({ version }) => version);
    expect(new Set(versions).size).toBe(versions.length);
  });

  test('does not depend on the model, which is recorded separately', () => {
    expect(withSettings({ model: 'claude-sonnet-5' }).version).toBe(book.version);
  });
});

describe('the answer schema', () => {
  test('stays within the limits of structured outputs, for 250 leaves too', () => {
    const wide = createPromptBook({ taxonomy: treeOf({ branches: 10, leaves: 25 }), settings: claudeSettings });
    for (const { schema } of [book.first, wide.first]) {
      expect(schema === null ? 'none' : schemaProblem(schema)).toBeNull();
    }
  });

  test('puts the reasoning before the intent', () => {
    expect(book.first.schema?.required).toEqual(['reasoning', 'words', 'intent', 'urgency', 'sentiment', 'certainty']);
  });

  test('keeps an ordinary answer within 90 tokens', () => {
    expect(estimateTokens(JSON.stringify(goodAnswer))).toBeLessThanOrEqual(90);
  });

  test('is not sent in the XML style, whose tags the text explains', () => {
    const xml = withSettings({ output: 'xml' });
    expect(xml.first.schema).toBeNull();
    expect(xml.first.system).toContain('<reasoning>…</reasoning><intent>…</intent>');
  });
});

describe('the strategy', () => {
  test('is flat for trees up to the size limit, and hierarchy for larger ones', () => {
    const strategyOf = (branches: number, leaves: number) =>
      createPromptBook({ taxonomy: treeOf({ branches, leaves }), settings: claudeSettings }).strategy;
    expect(book.strategy).toBe('flat');
    expect(strategyOf(10, FLAT_MAXIMUM_LEAVES / 10)).toBe('flat');
    expect(strategyOf(10, FLAT_MAXIMUM_LEAVES / 10 + 1)).toBe('hierarchy');
  });

  test('hierarchy asks for the branch first, with what it covers, then among its children with their advice', () => {
    const tree = withSettings({ strategy: 'hierarchy' });
    expect(tree.first.labels.all).toEqual(['billing', 'orders', 'complaints']);
    expect(tree.first.system).toContain('Covers: Double charge: The customer was charged twice');
    const billing = shopTaxonomy.nodes.get('billing');
    const below = tree.below(billing ?? shopTaxonomy.intents[0]!);
    expect(below.labels.all).toEqual(['double_charge', 'invoices']);
    expect(below.system).toContain('Money already taken is double_charge, papers are invoices.');
    expect(below.system).toContain('It is already known to belong to "Billing"');
  });

  test('asks only for a branch where no choice is a leaf', () => {
    const tree = createPromptBook({
      taxonomy: treeOf({ branches: 3, leaves: 3 }),
      settings: { ...claudeSettings, strategy: 'hierarchy' },
    });
    expect(tree.first.kind).toBe('branch');
    expect(tree.first.schema?.required).toEqual(['reasoning', 'intent', 'certainty']);
    expect(withSettings({ strategy: 'hierarchy' }).first.kind).toBe('full');
  });

  test('begins below a single root', () => {
    const tree = createPromptBook({
      taxonomy: treeOf({ branches: 1, leaves: 3 }),
      settings: { ...claudeSettings, strategy: 'hierarchy' },
    });
    expect(tree.first.labels.all).toEqual(['leaf_0_0', 'leaf_0_1', 'leaf_0_2']);
  });
});
