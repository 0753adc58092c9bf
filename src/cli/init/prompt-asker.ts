import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, log, multiselect, password, select, text } from '@clack/prompts';
import { SwitchboardError } from '../../errors.ts';
import { printableOutput } from '../printable.ts';
import type { Asker, Choice } from './asker.ts';

/** More are searched by scrolling. */
const MAX_SHOWN = 12;

/** Asks a person at a terminal. Throws SwitchboardError after Ctrl-C or Escape. */
export function createPromptAsker(streams: { readonly input: Readable; readonly output: Writable }): Asker {
  const shown = (message: string) => printableOutput(message, { colors: false });
  const list = (choices: readonly Choice[]) =>
    choices.map(({ value, label, hint }) => ({
      value,
      label: shown(label),
      ...(hint !== undefined && { hint: shown(hint) }),
    }));
  return {
    canAskAgain: true,
    async text({ message, initial, suggested, isOptional = false, findFault }) {
      const given = await text({
        ...streams,
        message: shown(message),
        ...(initial !== undefined && { initialValue: initial }),
        ...(suggested !== undefined && { placeholder: suggested, defaultValue: suggested }),
        ...(isOptional && { placeholder: 'leave empty to skip' }),
        validate(value = '') {
          const trimmed = value.trim();
          if (trimmed === '') return isOptional || suggested !== undefined ? undefined : 'Please give a value.';
          return findFault?.(trimmed) ?? undefined;
        },
      });
      return keep(given ?? '').trim();
    },
    async secret({ message, isOptional }) {
      const validate = (value = '') => (value.trim() === '' && !isOptional ? 'Please give a value.' : undefined);
      return keep((await password({ ...streams, message: shown(message), validate })) ?? '').trim();
    },
    async choose({ message, choices, initial }) {
      const options = list(choices);
      const at = initial === undefined ? {} : { initialValue: initial };
      return keep(await select({ ...streams, message: shown(message), options, maxItems: MAX_SHOWN, ...at }));
    },
    async chooseMany({ message, choices, initial }) {
      const options = list(choices);
      const more = { required: false, maxItems: MAX_SHOWN, initialValues: [...initial] };
      return keep(await multiselect({ ...streams, message: shown(message), options, ...more }));
    },
    confirm: async ({ message, initial }) =>
      keep(await confirm({ ...streams, message: shown(message), initialValue: initial })),
    say: (message) => log.message(shown(message), { output: streams.output }),
  };
}

function keep<T>(given: T): Exclude<T, symbol> {
  if (isCancel(given)) throw new SwitchboardError({ code: 'internal', message: 'Stopped: nothing was written.' });
  // The cast: the only symbol that a question returns is the one above.
  return given as Exclude<T, symbol>;
}
