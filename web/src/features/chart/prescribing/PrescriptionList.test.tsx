import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import { chooseLocale } from '@/lib/i18n/locale';
import type { Line } from './model';
import { PrescriptionList } from './PrescriptionList';
import { line } from './sample';

async function show(part: Partial<Line>, locale: 'en' | 'es' = 'en') {
  await catalogues.load('chart/prescribing');
  await chooseLocale(locale);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <I18nProvider timeZone="America/New_York">
        <MantineProvider env="test">
          <PrescriptionList items={[{ ...line, ...part }]} label="Prescriptions" />
        </MantineProvider>
      </I18nProvider>
    </QueryClientProvider>,
  );
}

const state = () => screen.getByRole('status').textContent;
const button = (name: string) => screen.queryByRole('button', { name });

describe('PrescriptionList', () => {
  it('says when it was sent and received', async () => {
    const at = { sent_at: '2026-11-05T15:42:00Z', answered_at: '2026-11-05T15:43:00Z' };
    await show({ status: 'accepted', ...at });
    expect(state()).toMatch(/^Sent to Elm Street Pharmacy .+, received .+\.$/);
    expect(button('Send again')).toBeNull();
  });

  it('gives the phone number when nobody answered, and a way to try again', async () => {
    await show({ status: 'error', failure: 'unreachable' });
    expect(state()).toContain('(518) 555-0100');
    expect(button('Send again')).not.toBeNull();
  });

  it('gives the words of a pharmacy that refused, and no way to send the same again', async () => {
    await show({ status: 'error', failure: 'rejected', pharmacy_words: 'No such pharmacy' });
    expect(state()).toBe('Elm Street Pharmacy rejected it: No such pharmacy');
    expect(button('Send again')).toBeNull();
  });

  it('offers to call back what was signed and not sent, to its prescriber only', async () => {
    await show({ status: 'signed' });
    expect(button('Withdraw')).not.toBeNull();
    document.body.replaceChildren();
    await show({ status: 'signed', mine: false });
    expect(button('Withdraw')).toBeNull();
  });

  it('speaks Spanish', async () => {
    await show({ status: 'sent', sent_at: '2026-11-05T15:42:00Z' }, 'es');
    expect(state()).toContain('aún sin confirmar');
    expect(screen.getByText('Tome 1 cápsula por la boca dos veces al día.')).toBeTruthy();
  });
});
