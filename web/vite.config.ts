import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { compileMessages } from './scripts/compile-messages.ts';
import { pack } from './scripts/pack.ts';
import { shortNames } from './scripts/short-names.ts';
import { themeVariables } from './scripts/theme-variables.ts';

const api = process.env.CARETHREAD_API_URL ?? 'http://127.0.0.1:8000';
const signaling = process.env.CARETHREAD_SIGNALING_URL ?? 'http://127.0.0.1:8010';

export default defineConfig({
  plugins: [react(), compileMessages(), themeVariables(), shortNames(), pack()],
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      'use-intl/format-message': 'use-intl/format-message/format-only',
      // React has had it for long; this is for versions that did not.
      'use-sync-external-store/shim/with-selector': 'use-sync-external-store/with-selector',
    },
  },
  build: {
    // Browsers from before 2023 load the same files a little later; all others were sent the polyfill for nothing.
    modulePreload: { polyfill: false },
    manifest: true,
    // The content security policy allows no data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    target: 'es2022',
    rolldownOptions: {
      output: {
        // Names without words: each page's file is named in the one that loads first.
        chunkFileNames: 'assets/[hash:7].js',
        assetFileNames: 'assets/[hash:7][extname]',
        codeSplitting: {
          // What every page needs comes in one file that packs well, not in dozens of crumbs; what only staff need is
          // no part of it.
          groups: [
            {
              name: 'base',
              test: /vite\/preload-helper|node_modules\/(react|react-dom|scheduler|@tanstack|use-intl|icu-minify|clsx|use-sync-external-store)\/(?!.*nfiniteQuery(Observer)?\.js)/,
            },
            {
              name: 'shared',
              test: /\/src\/(ui\/(?!(?:\w+\/)?(?:ConfirmButton|Empty|Kbd|LinkRow|LockedChart|Marks|MenuLink|More|NumberField|PasswordField|QrCode|RedFlag|RelativeTime|Row|SameName|StandingLine|StatusBadge|Unsent|WithAdult))|lib\/(?!api\/unread|call|directory|drafts|focus|keys|number|outbox|patient|person\/(Address|address|gender|Name|name)|terms|time\/(?:capital|days)|session\/(?:\w+\/)?(AppSetUp|confirmations|ownEscape|PatientProof|Recovery|SigningOff|StepUp)))|\/@mantine\/core\/esm\/components\/(Text|Stack|Anchor|Group)\/|\/@tabler\/icons-react\/.*\/Icon(AlertTriangle|Plus|Video|Settings)\.mjs/,
              minShareCount: 3,
            },
            // Each file has a name in the first one, so what belongs together is one file.
            {
              name: 'lists',
              test: /\/src\/(ui\/(?:\w+\/)?(Empty|LinkRow|MenuLink|More|RelativeTime|Row|StatusBadge)|lib\/time\/capital)\./,
              minShareCount: 3,
            },
            // The look in the mirror, of the waiting room and the call; and small parts of forms.
            {
              name: 'mirror',
              test: /\/src\/(lib\/call\/(devices|level|problems|store)|features\/visits\/call\/(?:\w+\/)?(CallRoom|DeviceCheck|DeviceProblems|Devices|OwnPicture|SignInFirst|Video|LevelMeter|join|useStore|asProblem))\.|\/Icon(Microphone|MicrophoneOff|VideoOff)\.mjs/,
              minShareCount: 2,
            },
            // What the waiting room, its early page and the check before the visit share.
            {
              name: 'waiting',
              test: /\/src\/features\/visits\/(model\.|waiting\/(useTurn|Leaving|Waiting\.module|ready\/))/,
              minShareCount: 2,
            },
            {
              name: 'forms',
              test: /\/src\/(ui\/(?:\w+\/)?NumberField|features\/intake\/(form|fields\/(ChoiceCards|fields)))\.|\/use-debounced-value\.mjs|\/Icon(Trash|Home|Bell|DeviceMobile)\.mjs/,
              minShareCount: 2,
            },
            // Where everything is that is not on the way to the call.
            { name: 'pages', test: /\/src\/(.*\/pages|lib\/i18n\/farCatalogues)\.ts$/ },
          ],
        },
      },
    },
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
    // On a busy machine nothing is quick and all of it is right.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    server: { deps: { inline: ['use-intl'] } },
  },
});
