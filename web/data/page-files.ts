// Each page is a file that is loaded when it is opened: not while the server is away, nor once a newer server has other files.
import { lazyRouteComponent } from '@tanstack/react-router';
import { keptInTab } from './kept-texts.ts';

/** The file of a page could not be loaded. */
export class PageFileError extends Error {
  override readonly name = 'PageFileError';
}

type Load<Module> = () => Promise<Module>;

/** A page by the name under which its file exports it. */
export function lazyPage<Module extends Record<string, unknown>, Name extends keyof Module & string>(
  load: Load<Module>,
  name: Name,
) {
  const loadOrExplain: Load<Module> = () =>
    load().catch((cause: unknown) => {
      throw new PageFileError('The file of this page could not be loaded.', { cause });
    });
  return lazyRouteComponent(loadOrExplain, name);
}

const RELOADED_AT = 'switchboard-reloaded-at';
/** A page that cannot be loaded after a reload either is not to be reloaded again and again. */
const AGAIN_AFTER_MS = 30_000;
const ASK_EVERY_MS = 2_000;

/** Loads everything anew once the server answers, for the files that it has then. Returns what ends the waiting. */
export function reloadWhenThere(): () => void {
  const timer = setInterval(async () => {
    const isThere = await fetch('/healthz').then(
      ({ ok }) => ok,
      () => false,
    );
    if (!isThere || Date.now() - Number(keptInTab.get(RELOADED_AT) ?? 0) < AGAIN_AFTER_MS) return;
    clearInterval(timer);
    keptInTab.set(RELOADED_AT, String(Date.now()));
    window.location.reload();
  }, ASK_EVERY_MS);
  return () => clearInterval(timer);
}
