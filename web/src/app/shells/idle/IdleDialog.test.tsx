import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { catalogues } from '@/lib/i18n/catalogues';
import { I18nProvider } from '@/lib/i18n/I18nProvider';
import IdleDialog from './IdleDialog';

async function show(final: boolean) {
  await catalogues.load('common');
  await catalogues.load('profile/idle');
  const on = { onStay: vi.fn(), onSignInAgain: vi.fn(), onSignOut: vi.fn() };
  render(
    <I18nProvider>
      <MantineProvider env="test">
        <IdleDialog secondsLeft={90} final={final} {...on} />
      </MantineProvider>
    </I18nProvider>,
  );
  await userEvent.keyboard('{Escape}');
  return on;
}

it('takes an Escape for staying, where one can stay', async () => {
  const on = await show(false);
  expect(on.onStay).toHaveBeenCalled();
});

it('stays on screen at the end of the longest life', async () => {
  const on = await show(true);
  expect(on.onStay).not.toHaveBeenCalled();
  expect(screen.getByRole('button', { name: 'Sign in again' })).toBeTruthy();
});
