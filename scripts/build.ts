// Compiles src/ to dist/, and copies the built page and the files that the compiler does not copy, such as SQL migrations.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const target = join(root, 'dist');

rmSync(target, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
);
for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || extname(entry.name) === '.ts') continue;
  const file = join(entry.parentPath, entry.name);
  const path = relative(source, file);
  if (path.includes('fixtures') || path.endsWith('.md')) continue;
  cpSync(file, join(target, path));
}
execFileSync(process.execPath, [join(root, 'scripts/ensure-page.cjs')], { stdio: 'inherit' });
cpSync(join(root, 'web/dist'), join(target, 'page'), { recursive: true });
execFileSync(process.execPath, [join(root, 'scripts/build-new-store.ts'), join(target, 'store')], { stdio: 'inherit' });
