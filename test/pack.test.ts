import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { publishedManifest } from '../scripts/pack-manifest.ts';

const root = join(import.meta.dirname, '..');

test('the published manifest has no bundled Node and nothing that only a clone needs', () => {
  const manifest = JSON.parse(publishedManifest(readFileSync(join(root, 'package.json'), 'utf8')));
  expect(manifest.optionalDependencies).toBeUndefined();
  expect(manifest.scripts).toBeUndefined();
  expect(manifest.devDependencies).toBeUndefined();
  expect(manifest.engines).toEqual({ node: '>=22.12' });
  expect(Object.keys(manifest.dependencies)).toContain('@anthropic-ai/sdk');
});

// Packs the package, installs it in an empty project and runs it there. Needs the npm registry or a filled npm cache.
describe.skipIf(!process.env.TEST_PACK)('the packed tarball (TEST_PACK)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-pack-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (command: string, args: string[], options: { cwd: string; input?: string }) =>
    execFileSync(command, args, {
      ...options,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PATH: [join(process.execPath, '..'), process.env.PATH].join(delimiter),
        ANTHROPIC_API_KEY: '',
      },
    });

  test('installs in an empty project, routes a ticket there and can be imported', { timeout: 300_000 }, () => {
    run('npm', ['pack', '--loglevel=error', '--pack-destination', folder], { cwd: root });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies).toBeDefined();

    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', `./${tarball}`], {
      cwd: folder,
    });
    expect(readdirSync(join(folder, 'node_modules', '.bin'))).not.toContain('node');
    // Of the sources, only what connectors say of themselves.
    const src = join(folder, 'node_modules', '@switchboard', 'router', 'src');
    const files = readdirSync(src, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(new Set(files.map(({ name }) => name))).toEqual(new Set(['README.md']));

    const program = join(folder, 'node_modules', '@switchboard', 'router', 'bin', 'switchboard.js');
    const printed = run(
      process.execPath,
      [program, 'route', '--json', '--text', 'I was charged twice for my order #8842'],
      { cwd: folder },
    );
    expect(JSON.parse(printed)).toMatchObject({
      classification: { stage: 'local' },
      decision: { team: expect.any(String) },
    });

    // The built page, which needs none of its packages any more.
    const pageFiles = join(folder, 'node_modules', '@switchboard', 'router', 'dist', 'http', 'page-files.js');
    const findPage = `import { findPageDir } from ${JSON.stringify(pathToFileURL(pageFiles).href)}; console.log(findPageDir());`;
    const pageDir = run(process.execPath, ['--input-type=module', '-e', findPage], { cwd: folder }).trim();
    expect(readFileSync(join(pageDir, 'index.html'), 'utf8')).toContain('/assets/');
    expect(readdirSync(join(folder, 'node_modules'))).not.toContain('react');

    const script = "import { createSwitchboard } from '@switchboard/router'; console.log(typeof createSwitchboard);";
    expect(run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder }).trim()).toBe('function');
  });
});
