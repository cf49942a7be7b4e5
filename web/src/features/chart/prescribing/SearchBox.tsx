import { Combobox, Loader, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';

interface SearchBoxProps<T> {
  label: string;
  placeholder: string;
  /** Fetches for the words typed so far; called on each render, like any hook. */
  useFound: (words: string) => { found: readonly T[]; loading: boolean };
  /** What is offered while nothing is typed, under its heading. */
  heading?: string | undefined;
  none: string;
  render: (item: T) => ReactNode;
  onChoose: (item: T) => void;
  error?: ReactNode;
  /** The name by which a shortcut finds the field. */
  part?: string;
  /** Put the keyboard here when it appears; `quietly` without opening the list over what stands beneath. */
  takesFocus?: boolean | 'quietly';
}

/** A field that finds things as one types; arrows choose, Enter takes, Escape closes. */
export function SearchBox<T extends { id: string }>(props: SearchBoxProps<T>) {
  const { label, placeholder, useFound, heading, none, render, onChoose } = props;
  const [words, setWords] = useState('');
  const [settled] = useDebouncedValue(words.trim(), 120);
  const { found, loading } = useFound(settled);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { selectFirstOption, resetSelectedOption } = combobox;
  // Enter takes the best answer to what is typed: not to what was typed a moment ago, nor to nothing at all.
  const best =
    settled.length > 1 && settled === words.trim() && !loading ? found[0]?.id : undefined;
  useEffect(() => {
    if (best) selectFirstOption();
    else resetSelectedOption();
  }, [best, selectFirstOption, resetSelectedOption]);
  const input = useRef<HTMLInputElement>(null);
  const { takesFocus = false } = props;
  const quiet = useRef(false);
  useEffect(() => {
    if (!takesFocus) return;
    quiet.current = takesFocus === 'quietly';
    input.current?.focus();
    quiet.current = false;
  }, [takesFocus]);
  const choose = (id: string) => {
    const item = found.find((each) => each.id === id);
    if (!item) return;
    setWords('');
    combobox.closeDropdown();
    onChoose(item);
  };
  const showNone = settled.length > 1 && found.length === 0 && !loading;

  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal={false}>
      <Combobox.Target>
        <TextInput
          label={label}
          placeholder={placeholder}
          value={words}
          error={props.error}
          autoComplete="off"
          data-part={props.part}
          ref={input}
          leftSection={<IconSearch size={18} aria-hidden />}
          rightSection={loading ? <Loader size="xs" /> : null}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            combobox.openDropdown();
          }}
          onFocus={() => !quiet.current && combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={found.length === 0 && !showNone}>
        <Combobox.Options mah={320} style={{ overflowY: 'auto' }} aria-label={placeholder}>
          {heading && found.length > 0 && settled === '' ? (
            <Combobox.Group label={heading}>{options(found, render)}</Combobox.Group>
          ) : (
            options(found, render)
          )}
          {showNone && <Combobox.Empty>{none}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function options<T extends { id: string }>(found: readonly T[], render: (item: T) => ReactNode) {
  return found.map((item) => (
    <Combobox.Option key={item.id} value={item.id}>
      {render(item)}
    </Combobox.Option>
  ));
}
