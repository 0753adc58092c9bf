import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportLines, withVariables } from './secret-lines.ts';
import { findExisting, withIgnored, writeFiles } from './write-files.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'switchboard-write-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('files are written with their folder, and private ones for this account alone', () => {
  const target = join(dir, 'new');
  writeFiles(target, [
    { name: 'a.yaml', text: 'a' },
    { name: '.env', text: 'b', isPrivate: true },
  ]);
  expect(readdirSync(target).sort()).toEqual(['.env', 'a.yaml']);
  expect(readFileSync(join(target, 'a.yaml'), 'utf8')).toBe('a');
  if (process.platform !== 'win32') expect(statSync(join(target, '.env')).mode & 0o777).toBe(0o600);
  expect(findExisting(target, [{ name: 'a.yaml' }, { name: 'b.yaml' }])).toEqual(['a.yaml']);
});

test('when one file cannot be written, none is', () => {
  // A draft cannot be made in a folder that is a file.
  writeFileSync(join(dir, 'taken'), '');
  const files = [
    { name: 'a.yaml', text: 'new' },
    { name: 'taken/b.yaml', text: 'b' },
  ];
  writeFileSync(join(dir, 'a.yaml'), 'old');
  expect(() => writeFiles(dir, files)).toThrow();
  expect(readdirSync(dir).sort()).toEqual(['a.yaml', 'taken']);
  expect(readFileSync(join(dir, 'a.yaml'), 'utf8')).toBe('old');
});

test('a private file that others could read before is closed', () => {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, '.env'), 'old', { mode: 0o644 });
  writeFiles(dir, [{ name: '.env', text: 'new', isPrivate: true }]);
  if (process.platform !== 'win32') expect(statSync(join(dir, '.env')).mode & 0o777).toBe(0o600);
});

test('what git is to ignore is added once', () => {
  expect(withIgnored(null, ['.env', 'data/'])).toBe('.env\ndata/\n');
  expect(withIgnored('x', ['.env'])).toBe('x\n.env\n');
  expect(withIgnored('.env\ndata/\n', ['.env', 'data/'])).toBeNull();
});

test('variables are replaced in a file of variables, and other lines stay', () => {
  const before = '# mine\nA=old\nANTHROPIC_API_KEY=key\nAB=1\n';
  expect(withVariables(before, { A: 'new', C: "it's $5" })).toBe(
    "# mine\nANTHROPIC_API_KEY=key\nAB=1\nA=new\nC='it'\\''s $5'\n",
  );
  expect(withVariables(null, { A: '1-14-ab' })).toMatch(/^# .*never commit this file\.\nA=1-14-ab\n$/);
});

test('values are quoted for a shell only where they must be', () => {
  expect(exportLines({ A: '1-14-ab=', B: 'a b' })).toEqual(['export A=1-14-ab=', "export B='a b'"]);
});
