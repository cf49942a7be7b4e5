import { MantineProvider } from '@mantine/core';
import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { SearchBox } from './SearchBox';

interface Drug {
  id: string;
  name: string;
}

const WARFARIN = { id: 'w', name: 'warfarin' };
const DRUGS: Readonly<Record<string, Drug[]>> = {
  '': [WARFARIN],
  war: [WARFARIN],
  amox: [{ id: 'a', name: 'amoxicillin' }],
};

/** What has been found for which words; nothing is found before the test says so. */
let tell: (words: string) => void;
let asked: string;

function useFound(words: string) {
  const [told, setTold] = useState('');
  tell = setTold;
  asked = words;
  return { found: DRUGS[told] ?? [], loading: told !== words };
}

function setUp(takesFocus?: 'quietly') {
  const onChoose = vi.fn();
  render(
    <MantineProvider>
      <SearchBox<Drug>
        label="Medicine"
        placeholder="Name"
        none="None"
        useFound={useFound}
        render={({ name }) => name}
        onChoose={onChoose}
        {...(takesFocus && { takesFocus })}
      />
    </MantineProvider>,
  );
  return { onChoose, user: userEvent.setup(), input: screen.getByLabelText('Medicine') };
}

const answer = async (words: string) => {
  await waitFor(() => expect(asked).toBe(words));
  act(() => tell(words));
};

describe('Enter in a search', () => {
  it('takes the best answer to what is typed', async () => {
    const { user, input, onChoose } = setUp();
    await user.type(input, 'war');
    await answer('war');
    await user.keyboard('{Enter}');
    expect(onChoose).toHaveBeenCalledExactlyOnceWith(WARFARIN);
  });

  it('takes nothing while the list still answers what was typed before', async () => {
    const { user, input, onChoose } = setUp();
    await user.type(input, 'war');
    await answer('war');
    await user.clear(input);
    await user.type(input, 'amox{Enter}');
    expect(onChoose).not.toHaveBeenCalled();
    await answer('amox');
    await user.keyboard('{Enter}');
    expect(onChoose).toHaveBeenCalledExactlyOnceWith({ id: 'a', name: 'amoxicillin' });
  });

  it('takes nothing before anything is typed', async () => {
    const { user, input, onChoose } = setUp();
    await user.click(input);
    await user.keyboard('{Enter}');
    expect(onChoose).not.toHaveBeenCalled();
  });
});

it('comes back with the keyboard and without a list over what has just been sent', async () => {
  const { input, user } = setUp('quietly');
  expect(document.activeElement).toBe(input);
  expect(input.dataset.expanded).toBeUndefined();
  await user.click(input);
  expect(input.dataset.expanded).toBe('true');
});
