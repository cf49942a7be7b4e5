import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { themeVariables } from '../../../scripts/theme-variables.ts';

/** Builds the page of the call alone: `vite build --config src/test/call/vite.config.ts --outDir ...`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), themeVariables()],
  resolve: { alias: { '@': fileURLToPath(new URL('../..', import.meta.url)) } },
  build: { target: 'es2022', emptyOutDir: true },
});
