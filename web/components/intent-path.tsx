import { Fragment } from 'react';
import { useIntentNames } from '../data/taxonomy.ts';
import classes from './intent-path.module.css';

/** An intent by the names on its path: `Orders › Returns`. With `short`, the last two. The id is its tooltip. */
export function IntentPath({ id, short = false }: { id: string; short?: boolean }) {
  const names = namesOfPath(id, useIntentNames());
  const shown = short ? names.slice(-2) : names;
  return (
    <span className={classes.path} data-short={short || undefined} title={id}>
      {shown.map(({ id: part, name }, index) => (
        <Fragment key={part}>
          {index > 0 && (
            <span className={classes.separator} aria-hidden="true">
              ›
            </span>
          )}
          <span>{name}</span>
        </Fragment>
      ))}
    </span>
  );
}

/** The nodes on the path of an intent, from the top. A node without a name in the taxonomy gets its id in words. */
export function namesOfPath(id: string, names?: ReadonlyMap<string, string>): readonly { id: string; name: string }[] {
  const parts = id.split('/');
  return parts.map((part, index) => {
    const path = parts.slice(0, index + 1).join('/');
    const words = part.replace(/[-_]+/g, ' ');
    return { id: path, name: names?.get(path) ?? words.charAt(0).toUpperCase() + words.slice(1) };
  });
}
