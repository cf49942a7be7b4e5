/*
 * A page that holds nothing but a call, for the browser tests of the call alone. Its tickets come
 * from `POST /join` of the test's own server: `?as=patient` or `?as=doctor` says whose.
 */
import '@fontsource-variable/atkinson-hyperlegible-next/wght.css';
import '@mantine/core/styles.layer.css';
import 'virtual:theme-variables.css';
import '@/ui/theme/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { CallRoom } from '@/features/visits/call/CallRoom';
import type { JoinGrant } from '@/lib/call/state';
import { catalogues, type Locale } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { theme } from '@/ui/theme/theme';

const query = new URLSearchParams(window.location.search);
const who = query.get('as') ?? 'patient';
const visit = query.get('visit') ?? 'visit';
const queries = new QueryClient();

async function join(): Promise<JoinGrant> {
  const answer = await fetch(`/join?as=${who}&visit=${visit}`, { method: 'POST' });
  return (await answer.json()) as JoinGrant;
}

await catalogues.use((query.get('lang') ?? 'en') as Locale);
await catalogues.load('visits');
const root = document.getElementById('root');
if (root) {
  root.style.cssText = 'display: flex; flex-direction: column; min-height: 100dvh';
  createRoot(root).render(
    <StrictMode>
      <I18nProvider>
        <MantineProvider theme={theme} forceColorScheme="light" withCssVariables={false}>
          <QueryClientProvider client={queries}>
            <CallRoom
              visitId={visit}
              join={join}
              onLeft={(ending) => {
                document.title = ending;
              }}
              nameOf={(role) => (role === 'clinician' ? 'Dr. Ada Chen' : 'Jamie Doe')}
              awaited={who === 'patient' ? 'clinician' : 'patient'}
              variant={query.get('variant') === 'pane' ? 'pane' : 'page'}
            />
          </QueryClientProvider>
        </MantineProvider>
      </I18nProvider>
    </StrictMode>,
  );
}
