import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { LOCALES, type Locale } from '@/lib/i18n/catalogues';
import { chooseLocale, useCurrentLocale } from '@/lib/i18n/locale';
import { STATE_CHOICES } from '@/lib/states';
import { deviceZone, plainDate } from '@/lib/time/useTimes';
import { timeZones } from '@/lib/time/zones';
import { Section } from '@/ui/Section';
import { showToast } from '@/ui/toast';
import classes from './ProfilePage.module.css';
import { type Profile, profileQuery } from './profile';

const LANGUAGES = { en: 'English', es: 'Español' } as const;
const NO_ADDRESS = { line: ['', ''], city: '', state: '', postalCode: '', country: 'US' };

/** What one may change of oneself, beside what only the clinic may. */
export function DetailsSection({ profile }: { profile: Profile }) {
  const t = useTranslations('profile.details');
  const locale = useCurrentLocale();
  const { patient } = profile;
  const address = patient?.address ?? NO_ADDRESS;
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
      address: { ...address, line: [address.line[0] ?? '', address.line[1] ?? ''] },
    },
    submit: async ({ locale, used_name, time_zone, address: typed }) => {
      const line = typed.line.filter((each) => each.trim());
      const blank = !line.length && !typed.city.trim() && !typed.state && !typed.postalCode.trim();
      const own = { used_name, time_zone, address: blank ? null : { ...typed, line } };
      await save.mutateAsync(patient ? { locale, ...own } : { locale });
      await chooseLocale(locale);
    },
    paths: { 'address.line': 'address.line.0' },
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
                label={t('timeZone')}
                description={t('timeZoneHint')}
                data={timeZones(form.values.time_zone, locale)}
                {...form.field('time_zone')}
              />
              <TextInput
                label={t('street')}
                autoComplete="address-line1"
                maxLength={200}
                {...form.field('address.line.0')}
              />
              <TextInput
                label={t('street2')}
                autoComplete="address-line2"
                maxLength={200}
                {...form.field('address.line.1')}
              />
              <div className={classes.place}>
                <TextInput
                  label={t('city')}
                  autoComplete="address-level2"
                  maxLength={100}
                  {...form.field('address.city')}
                />
                <NativeSelect
                  label={t('state')}
                  autoComplete="address-level1"
                  data={[{ value: '', label: '' }, ...STATE_CHOICES]}
                  {...form.field('address.state')}
                />
                <TextInput
                  label={t('zip')}
                  autoComplete="postal-code"
                  inputMode="numeric"
                  maxLength={10}
                  {...form.field('address.postalCode')}
                />
              </div>
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
  address?: NonNullable<Profile['patient']>['address'];
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
