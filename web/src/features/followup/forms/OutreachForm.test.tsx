import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import type { Task } from '../queries';
import { OutreachForm } from './OutreachForm';

// jsdom has no fonts, for which a field that grows with its text waits.
beforeAll(() => Object.assign(document, { fonts: new EventTarget() }));
afterEach(() => vi.restoreAllMocks());

it('takes the keyboard to its first question when it opens', async () => {
  await catalogues.load('common');
  await catalogues.load('followup');
  vi.spyOn(api, 'GET').mockImplementation((async () => ({ data: [] })) as never);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <OutreachForm task={{ id: '1' } as Task} onDone={() => {}} />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
  expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Outcome' }));
});
