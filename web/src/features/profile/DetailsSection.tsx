import { Alert, Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { LOCALES, type Locale } from '@/lib/i18n/catalogues';
import { chooseLocale, useCurrentLocale } from '@/lib/i18n/locale';
import { AddressFields } from '@/lib/person/AddressFields';
import {
  ADDRESS_PATHS,
  type AddressParts,
  addressOf,
  isUnsplit,
  typedAddress,
} from '@/lib/person/address';
import {
  GENDER_IDENTITIES,
  type GenderIdentity,
  PRONOUNS,
  type Pronouns,
} from '@/lib/person/gender';
import { deviceZone, plainDate } from '@/lib/time/useTimes';
import { timeZones } from '@/lib/time/zones';
import { Section } from '@/ui/page/Section';
import { showToast } from '@/ui/toasts/toast';
import classes from './ProfilePage.module.css';
import { type Profile, profileQuery } from './profile';

const LANGUAGES = { en: 'English', es: 'Español' } as const;

/** What one may change of oneself, beside what only the clinic may. */
export function DetailsSection({ profile }: { profile: Profile }) {
  const t = useTranslations('profile.details');
  const locale = useCurrentLocale();
  const { patient } = profile;
  const save = useAction({
    run: (body: Parameters<typeof change>[0]) => change(body),
    invalidates: [profileQuery.queryKey, ['session']],
    onDone: () => showToast({ text: t('saved') }),
  });
  const form = useKeptForm('profile.details', {
    initialValues: {
      locale: profile.locale as Locale,
      used_name: patient?.used_name ?? '',
      time_zone: patient?.time_zone ?? deviceZone(),
      gender_identity: (patient?.gender_identity ?? 'unknown') as GenderIdentity,
      pronouns: (patient?.pronouns ?? 'unknown') as Pronouns,
      pronouns_other: patient?.pronouns_other ?? '',
      address: addressOf(patient?.address),
    },
    submit: async ({ locale, address, ...rest }) => {
      const own = { ...rest, locale, address: typedAddress(address) };
      await save.mutateAsync(patient ? own : { locale });
      await chooseLocale(locale);
    },
    paths: ADDRESS_PATHS,
  });
  return (
    <Section title={t('title')}>
      <Facts profile={profile} />
      <form {...form.props}>
        <Stack>
          <NativeSelect
            label={t('language')}
            description={t('languageHint')}
            data={LOCALES.map((value) => ({ value, label: LANGUAGES[value] }))}
            {...form.field('locale')}
          />
          {patient && (
            <>
              <TextInput
                label={t('usedName')}
                description={t('usedNameHint')}
                autoComplete="nickname"
                maxLength={100}
                {...form.field('used_name')}
              />
              <NativeSelect
                label={t('pronouns')}
                description={t('pronounsHint')}
                data={PRONOUNS.map((value) => ({ value, label: t(`pronounChoices.${value}`) }))}
                {...form.field('pronouns')}
              />
              {form.values.pronouns === 'other' && (
                <TextInput
                  label={t('pronounsOther')}
                  maxLength={40}
                  {...form.field('pronouns_other')}
                />
              )}
              <NativeSelect
                label={t('gender')}
                data={GENDER_IDENTITIES.map((value) => ({
                  value,
                  label: t(`genderChoices.${value}`),
                }))}
                {...form.field('gender_identity')}
              />
              <NativeSelect
                label={t('timeZone')}
                description={t('timeZoneHint')}
                data={timeZones(form.values.time_zone, locale)}
                {...form.field('time_zone')}
              />
              {isUnsplit(patient.address) && <Alert color="yellow">{t('unsplit')}</Alert>}
              <AddressFields form={form} label={(part) => t(part)} own />
            </>
          )}
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending} className={classes.save ?? ''}>
            {t('save')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}

const change = (body: {
  locale: Locale;
  used_name?: string;
  time_zone?: string;
  gender_identity?: GenderIdentity;
  pronouns?: Pronouns;
  pronouns_other?: string;
  address?: AddressParts | null;
}) => take(api.PATCH('/api/me', { body }));

/** What is known and only the clinic changes. */
function Facts({ profile }: { profile: Profile }) {
  const t = useTranslations('profile.details');
  const role = useTranslations('profile.roles');
  const locale = useCurrentLocale();
  const { patient, staff } = profile;
  const facts: [string, string | null | undefined][] = [
    [t('name'), [profile.name, staff?.credentials].filter(Boolean).join(', ')],
    [t('birthDate'), patient && plainDate(patient.birth_date, locale)],
    [t('mrn'), patient?.mrn],
    [t('email'), staff && profile.email],
    [t('roles'), staff && profile.roles.map((each) => role(each)).join(', ')],
    [t('jobTitle'), staff?.title],
    [t('npi'), staff?.npi],
    [t('licences'), staff?.licences.join(', ')],
  ];
  return (
    <>
      <dl className={classes.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <p className={classes.hint}>{t('wrong')}</p>
    </>
  );
}
