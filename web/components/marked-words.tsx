import { markWords } from './mark-words.ts';
import classes from './marked-words.module.css';

/** A text in any script, with the deciding words marked. */
export function MarkedWords(options: { text: string; phrases: readonly string[]; component?: 'div' | 'span' }) {
  const { text, phrases, component: Component = 'div' } = options;
  return (
    <Component className={classes.words} dir="auto">
      {markWords(text, phrases).map(({ text: stretch, isMarked }, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: stretches have no other identity
        isMarked ? <mark key={index}>{stretch}</mark> : <span key={index}>{stretch}</span>,
      )}
    </Component>
  );
}
