import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createPromptAsker } from './prompt-asker.ts';

/** A terminal whose keys the test presses when its question is shown. */
function createTerminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  let text = '';
  const waiting: { part: string; seen: () => void }[] = [];
  output.on('data', (chunk) => {
    text += String(chunk);
    for (const one of waiting.splice(0)) {
      if (text.includes(one.part)) one.seen();
      else waiting.push(one);
    }
  });
  return {
    asker: createPromptAsker({ input, output }),
    text: () => text,
    async press(part: string, keys: string) {
      await new Promise<void>((seen) => {
        if (text.includes(part)) seen();
        else waiting.push({ part, seen });
      });
      input.write(keys);
    },
  };
}

test('a secret is typed without being shown', async () => {
  const { asker, press, text } = createTerminal();
  const given = asker.secret({ name: 'secrets.TOKEN', message: 'TOKEN: a key', isOptional: false });
  await press('TOKEN: a key', 'XYZZY-key\r');
  expect(await given).toBe('XYZZY-key');
  expect(text()).not.toContain('XYZZY');
});

test('a value that cannot be is refused with the reason, and asked for again', async () => {
  const { asker, press } = createTerminal();
  const findFault = (value: string) => (value === 'good' ? null : 'It must be good.');
  const given = asker.text({ name: 'name', message: 'A name', findFault });
  await press('A name', 'bad\r');
  await press('It must be good.', '\u007f\u007f\u007fgood\r');
  expect(await given).toBe('good');
});

test('a suggested text is taken by Enter, and what is typed replaces it', async () => {
  for (const [keys, result] of [
    ['\r', 'desk'],
    ['rt\r', 'rt'],
  ] as const) {
    const { asker, press } = createTerminal();
    const given = asker.text({ name: 'name', message: 'A name', suggested: 'desk' });
    await press('A name', keys);
    expect(await given).toBe(result);
  }
});

test('what is proposed is taken by Enter, and another by the arrows', async () => {
  const choices = ['one', 'two', 'three'].map((value) => ({ value, label: `number ${value}` }));
  const first = createTerminal();
  const proposed = first.asker.choose({ name: 'n', message: 'Which?', choices, initial: 'two' });
  await first.press('Which?', '\r');
  expect(await proposed).toBe('two');
  const second = createTerminal();
  const moved = second.asker.choose({ name: 'n', message: 'Which?', choices, initial: 'two' });
  await second.press('Which?', '\u001b[B\r');
  expect(await moved).toBe('three');
  const third = createTerminal();
  const none = third.asker.chooseMany({ name: 'n', message: 'Which?', choices, initial: [] });
  await third.press('Which?', '\r');
  expect(await none).toEqual([]);
});

test('Ctrl-C stops, and says that nothing was written', async () => {
  const { asker, press } = createTerminal();
  const given = asker.confirm({ name: 'write', message: 'Write it?', initial: true });
  const refused = expect(given).rejects.toThrow('Stopped: nothing was written.');
  await press('Write it?', '\u0003');
  await refused;
});

test('a name from a helpdesk cannot act on the terminal', async () => {
  const { asker, press, text } = createTerminal();
  const choices = [{ value: '1', label: 'Evil\u001b]0;title\u0007 group' }];
  const given = asker.choose({ name: 'triage', message: 'Which group?', choices });
  await press('Which group?', '\r');
  await given;
  expect(text()).not.toContain('\u001b]0;');
});
