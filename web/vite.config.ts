import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { gzip } from './scripts/gzip.ts';
import { themeVariables } from './scripts/theme-variables.ts';

const api = process.env.CARETHREAD_API_URL ?? 'http://127.0.0.1:8000';
const signaling = process.env.CARETHREAD_SIGNALING_URL ?? 'http://127.0.0.1:8010';

export default defineConfig({
  plugins: [react(), themeVariables(), gzip()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    manifest: true,
    // The content security policy allows no data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    target: 'es2022',
  },
  server: {
    proxy: {
      '/api': api,
      '/signaling': { target: signaling, ws: true },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
  },
});
