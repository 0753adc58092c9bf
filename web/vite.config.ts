import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The first browsers that know light-dark(), which would otherwise be replaced by what Mantine's colours do not set.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Which file is loaded by which: test/page-size.test.ts weighs them.
    manifest: true,
    sourcemap: false,
    reportCompressedSize: false,
  },
});
