import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Form } from '@/lib/errors/useForm';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { STATE_CHOICES } from '@/lib/states';
import classes from './AddressFields.module.css';
import { type AddressParts, HOME_COUNTRY } from './address';

interface AddressFieldsProps {
  // biome-ignore lint/suspicious/noExplicitAny: `address` is one field, whatever else the form holds
  form: Form<any>;
  label: (part: 'street' | 'street2' | 'city' | 'state' | 'zip' | 'postcode' | 'country') => string;
  /** The address is the reader's own, so that their browser may fill it in. */
  own?: boolean;
}

/** The parts of the form's `address`: a state and a ZIP code in the US, other words elsewhere. */
export function AddressFields({ form, label, own = false }: AddressFieldsProps) {
  const address: AddressParts = form.values.address;
  const home = address.country === HOME_COUNTRY;
  const auto = (name: string) => (own ? name : 'off');
  return (
    <>
      {address.line.map((_, number) => (
        <TextInput
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their place
          key={number}
          label={label(number ? 'street2' : 'street')}
          autoComplete={auto(`address-line${number + 1}`)}
          maxLength={200}
          {...form.field(`address.line.${number}`)}
        />
      ))}
      <div className={classes.place}>
        <TextInput
          label={label('city')}
          autoComplete={auto('address-level2')}
          maxLength={100}
          {...form.field('address.city')}
        />
        {home ? (
          <NativeSelect
            label={label('state')}
            autoComplete={auto('address-level1')}
            data={[{ value: '', label: '' }, ...STATE_CHOICES]}
            {...form.field('address.state')}
          />
        ) : (
          <TextInput
            label={label('state')}
            autoComplete={auto('address-level1')}
            maxLength={100}
            {...form.field('address.state')}
          />
        )}
        <TextInput
          label={label(home ? 'zip' : 'postcode')}
          autoComplete={auto('postal-code')}
          inputMode={home ? 'numeric' : 'text'}
          maxLength={home ? 10 : 20}
          {...form.field('address.postalCode')}
        />
      </div>
      <Country form={form} label={label('country')} autoComplete={auto('country')} />
    </>
  );
}

interface CountryProps {
  form: AddressFieldsProps['form'];
  label: string;
  autoComplete: string;
}

/** Nearly everybody's is chosen already: the others are loaded for whoever looks for theirs. */
function Country({ form, label, autoComplete }: CountryProps) {
  const locale = useCurrentLocale();
  const [codes, setCodes] = useState<readonly string[]>([HOME_COUNTRY]);
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const data = [...new Set([...codes, form.values.address.country as string])]
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((one, other) => one.label.localeCompare(other.label, locale));
  return (
    <NativeSelect
      label={label}
      autoComplete={autoComplete}
      data={data}
      onFocus={() => void import('@/lib/countries').then((all) => setCodes(all.COUNTRIES))}
      {...form.field('address.country')}
    />
  );
}
