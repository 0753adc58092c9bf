import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder after `--against`, which must be a clone of the program whose packages are installed; ends the program otherwise. */
export function otherCheckout(folder: string): string {
  const checkout = resolve(folder);
  const missing = ['bin/switchboard.js', 'src', 'node_modules'].filter((part) => !existsSync(join(checkout, part)));
  if (missing.length === 0) return checkout;
  process.stderr.write(
    `--against ${folder}: this is no clone of Switchboard with its packages (no ${missing.join(', ')}). For the version before:\n` +
      '  git worktree add /tmp/before HEAD~1 && npm ci --prefix /tmp/before\n' +
      'and then --against /tmp/before.\n',
  );
  process.exit(2);
}
