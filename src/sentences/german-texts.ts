import delivery from './de/delivery.json' with { type: 'json' };
import engine from './de/engine.json' with { type: 'json' };
import evaluation from './de/evaluation.json' with { type: 'json' };
import mail from './de/mail.json' with { type: 'json' };
import name from './de/names.json' with { type: 'json' };
import problem from './de/problem.json' with { type: 'json' };
import route from './de/route.json' with { type: 'json' };
import setup from './de/setup.json' with { type: 'json' };

type Tree = { readonly [key: string]: string | Tree };

const flatten = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );

/** What German says for each code of `say` in src, for codes of problems (`problem.`), and for stages and urgencies (`name.`). */
export const germanTexts: ReadonlyMap<string, string> = new Map(
  flatten({ ...delivery, ...engine, ...evaluation, ...mail, ...problem, ...route, ...setup, name }),
);
