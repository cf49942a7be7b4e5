import { Alert, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import type { Form } from '@/lib/errors/useForm';
import { AddressFields } from '@/lib/person/AddressFields';
import {
  ADDRESS_PATHS,
  type AddressParts,
  addressOf,
  isUnsplit,
  typedAddress,
} from '@/lib/person/address';
import { clinicalFrom } from '@/lib/person/gender';
import { NameFields } from '@/lib/person/NameFields';
import { type NameParts, nameChecks, nameOf } from '@/lib/person/name';
import { showToast } from '@/ui/toasts/toast';
import { FormDialog } from '../FormDialog';
import { accountQuery, type Deed, type PatientAccount, PROOFS, type Proof } from './account';
import { GenderFields } from './GenderFields';

interface DeedDialogProps {
  patientId: string;
  account: PatientAccount;
  deed: Deed;
  onClose: () => void;
}

const SEXES = ['female', 'male', 'other', 'declined', 'unknown'] as const;

/** What is done, and how one made sure with whom one speaks: without that, nothing is. */
export function DeedDialog({ patientId, account, deed, onClose }: DeedDialogProps) {
  const t = useTranslations('chart/account');
  const queries = useQueryClient();
  const about = 'channel' in deed ? `${deed.verb}.${deed.channel}` : deed.verb;
  const form = useKeptForm(`account.${about}.${patientId}`, {
    initialValues: {
      proof: '',
      note: '',
      contact: '',
      passkeys_too: false,
      ...nameOf(account),
      birth_date: account.birth_date,
      sex: account.sex as (typeof SEXES)[number],
      gender: account.gender,
      address: addressOf(account.address),
    },
    // With whom one speaks now is said anew each time.
    forgotten: ['proof', 'passkeys_too'],
    paths: ADDRESS_PATHS,
    checks: (typed) => ({
      proof: !typed.proof && 'required',
      note: !typed.note.trim() && 'required',
      contact: needsContact(deed, account) && !typed.contact.trim() && 'required',
      ...(deed.verb === 'person' && {
        ...nameChecks(typed),
        birth_date: !typed.birth_date && 'required',
      }),
    }),
    submit: async (typed) => {
      const now = await send(patientId, deed, { ...typed, proof: typed.proof as Proof });
      queries.setQueryData(accountQuery(patientId).queryKey, now);
      await queries.invalidateQueries({ queryKey: ['patient', patientId] });
      showToast({ text: t('done') });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t(`title.${deed.verb}`)}
      lead={t(`consequence.${deed.verb}`)}
      form={form}
      submit={t(`title.${deed.verb}`)}
      ends={deed.verb === 'disable'}
      onClose={onClose}
    >
      {deed.verb === 'contact' && <ContactFields form={form} deed={deed} account={account} />}
      {deed.verb === 'person' && <PersonFields form={form} was={account} />}
      <NativeSelect
        label={t('howSure')}
        data={[
          { value: '', label: t('choose') },
          ...PROOFS.map((value) => ({ value, label: t(`proof.${value}`) })),
        ]}
        {...form.field('proof')}
      />
      <Textarea
        label={t('note')}
        description={t('noteHint')}
        autosize
        minRows={2}
        maxLength={1000}
        {...form.field('note')}
      />
    </FormDialog>
  );
}

/** The last contact may be replaced and not taken away. */
const needsContact = (deed: Deed, account: PatientAccount): boolean =>
  deed.verb === 'contact' && !account.contacts.some((each) => each.channel !== deed.channel);

// biome-ignore lint/suspicious/noExplicitAny: the fields are named by their paths, whatever else the form holds
type AnyForm = Form<any>;

interface ContactFieldsProps {
  form: AnyForm;
  deed: Extract<Deed, { verb: 'contact' | 'contact/confirm' }>;
  account: PatientAccount;
}

function ContactFields({ form, deed, account }: ContactFieldsProps) {
  const t = useTranslations('chart/account');
  const phone = deed.channel === 'sms';
  return (
    <>
      <TextInput
        label={t(`new.${deed.channel}`)}
        description={needsContact(deed, account) ? undefined : t('emptyHint')}
        type={phone ? 'tel' : 'email'}
        autoComplete="off"
        maxLength={200}
        data-autofocus
        {...form.field('contact')}
      />
      {account.passkeys > 0 && (
        <Checkbox
          label={t('passkeysToo', { count: account.passkeys })}
          {...form.field('passkeys_too', { type: 'checkbox' })}
        />
      )}
    </>
  );
}

interface PersonFieldsProps {
  form: AnyForm;
  /** What is on record. */
  was: PatientAccount;
}

function PersonFields({ form, was }: PersonFieldsProps) {
  const t = useTranslations('chart/account');
  const unsplit = isUnsplit(was.address);
  const derived =
    was.gender.clinical_sex === clinicalFrom(was.sex) &&
    form.values.gender.clinical_sex === clinicalFrom(form.values.sex);
  return (
    <>
      {unsplit && <Alert color="yellow">{t('addressUnsplit')}</Alert>}
      <NameFields form={form} label={(part) => t(`nameParts.${part}`)} />
      <TextInput label={t('birthDate')} type="date" {...form.field('birth_date')} />
      <NativeSelect
        label={t('sex')}
        data={SEXES.map((value) => ({ value, label: t(`sexes.${value}`) }))}
        {...form.field('sex')}
        onChange={({ currentTarget }) => {
          // One wrong answer stood for both: whoever corrects the one has the other corrected with it, and sees that.
          if (derived) form.set('gender.clinical_sex', clinicalFrom(currentTarget.value));
          form.set('sex', currentTarget.value);
        }}
      />
      <GenderFields form={form} clinicalMoved={derived && was.sex !== form.values.sex} />
      <AddressFields form={form} label={(part) => t(`addressParts.${part}`)} />
    </>
  );
}

interface Typed extends NameParts {
  proof: Proof;
  note: string;
  contact: string;
  passkeys_too: boolean;
  birth_date: string;
  sex: (typeof SEXES)[number];
  gender: PatientAccount['gender'];
  address: AddressParts;
}

function send(patientId: string, deed: Deed, typed: Typed): Promise<PatientAccount> {
  const params = { path: { patient_id: patientId } };
  const proven = { proof: typed.proof, note: typed.note };
  switch (deed.verb) {
    case 'contact': {
      const { contact, passkeys_too } = typed;
      const body = { ...proven, channel: deed.channel, contact, passkeys_too };
      return take(api.POST('/api/patients/{patient_id}/account/contact', { params, body }));
    }
    case 'contact/confirm': {
      const body = { ...proven, channel: deed.channel };
      return take(api.POST('/api/patients/{patient_id}/account/contact/confirm', { params, body }));
    }
    case 'person': {
      const { birth_date, sex, gender } = typed;
      const address = typedAddress(typed.address);
      const body = { ...proven, ...nameOf(typed), birth_date, sex, gender, address };
      return take(api.POST('/api/patients/{patient_id}/account/person', { params, body }));
    }
    default:
      return take(
        api.POST(`/api/patients/{patient_id}/account/${deed.verb}`, { params, body: proven }),
      );
  }
}
