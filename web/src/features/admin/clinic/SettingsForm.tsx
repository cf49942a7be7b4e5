import { Alert, Button, Checkbox, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { AddressFields } from '@/lib/person/AddressFields';
import { ADDRESS_PATHS, addressOf, isUnsplit, typedAddress } from '@/lib/person/address';
import { readablePhone } from '@/lib/phone';
import { timeZones } from '@/lib/time/zones';
import { NumberField } from '@/ui/fields/NumberField';
import { Section } from '@/ui/page/Section';
import { showToast } from '@/ui/toasts/toast';
import classes from '../AdminPage.module.css';
import { CLINIC, type Clinic, type ClinicForm, type Settings } from './clinic';
import { HoursFields } from './HoursFields';

/** What may be typed after the number. */
const MINUTES = ['minutes', 'minutos'];
const HOURS = ['hours', 'horas'];
const YEARS = ['years', 'años'];

/** All settings in one form: they are saved together, and what is wrong is said beside its field. */
export function SettingsForm({ clinic }: { clinic: Clinic }) {
  const t = useTranslations('admin.clinic');
  const locale = useCurrentLocale();
  const settings = clinic.settings as Settings;
  const save = useAction({
    run: (body: ClinicForm, init) => take(api.PUT('/api/admin/clinic', { body, ...init })),
    invalidates: [CLINIC, ['session'], ['clinic']],
    onDone: () => showToast({ text: t('saved') }),
  });
  const form = useKeptForm('admin.settings', {
    initialValues: {
      name: clinic.name,
      time_zone: clinic.time_zone,
      languages: clinic.languages as ClinicForm['languages'],
      hours: clinic.hours,
      emergency_number: readablePhone(clinic.emergency_number),
      phone: readablePhone(clinic.phone),
      address: addressOf(clinic.address),
      settings: {
        ...settings,
        crisis_number: readablePhone(settings.crisis_number),
        poison_number: readablePhone(settings.poison_number),
      },
    },
    checks: ({ name, languages }) => ({
      name: !name.trim() && 'required',
      languages: !languages.length && 'required',
    }),
    submit: (typed) => save.mutateAsync({ ...typed, address: typedAddress(typed.address) }),
    paths: ADDRESS_PATHS,
  });
  const minutes = { low: 5, high: 60, required: true, unit: 'min', units: MINUTES };
  const hours = { low: 1, high: 24, required: true, unit: 'h', units: HOURS };
  const years = { low: 14, high: 21, required: true, unit: t('years'), units: YEARS };
  return (
    <form {...form.props} className={classes.form}>
      <Section title={t('page')}>
        <div className={classes.pair}>
          <TextInput label={t('name')} maxLength={200} {...form.field('name')} />
          <TextInput label={t('phone')} type="tel" maxLength={30} {...form.field('phone')} />
          <NativeSelect
            label={t('timeZone')}
            data={timeZones(form.values.time_zone, locale)}
            {...form.field('time_zone')}
          />
          <Textarea
            label={t('welcomeEn')}
            autosize
            minRows={2}
            maxLength={400}
            {...form.field('settings.welcome_en')}
          />
          <Textarea
            label={t('welcomeEs')}
            autosize
            minRows={2}
            maxLength={400}
            {...form.field('settings.welcome_es')}
          />
        </div>
        <Checkbox.Group label={t('languages')} mt="md" {...form.field('languages')}>
          <div className={classes.checks}>
            <Checkbox value="en" label="English" />
            <Checkbox value="es" label="Español" />
          </div>
        </Checkbox.Group>
      </Section>
      <Section title={t('address')}>
        <Stack>
          {isUnsplit(clinic.address) && <Alert color="yellow">{t('addressUnsplit')}</Alert>}
          <AddressFields form={form} label={(part) => t(`addressParts.${part}`)} />
        </Stack>
      </Section>
      <Section title={t('hours')}>
        <HoursFields
          hours={form.values.hours}
          onHours={(hours) => form.set('hours', hours)}
          errorAt={(path) => form.field(path).error}
        />
      </Section>
      <Section title={t('emergency')}>
        <div className={classes.pair}>
          <TextInput
            label={t('emergencyNumber')}
            type="tel"
            maxLength={20}
            {...form.field('emergency_number')}
          />
          <TextInput
            label={t('crisisNumber')}
            type="tel"
            maxLength={20}
            {...form.field('settings.crisis_number')}
          />
          <TextInput
            label={t('poisonNumber')}
            type="tel"
            maxLength={20}
            {...form.field('settings.poison_number')}
          />
        </div>
      </Section>
      <Section title={t('signIn')}>
        <div className={classes.pair}>
          <NumberField
            label={t('staffIdle')}
            {...minutes}
            {...form.field('settings.staff_idle_minutes')}
          />
          <NumberField
            label={t('patientIdle')}
            {...minutes}
            {...form.field('settings.patient_idle_minutes')}
          />
          <NumberField label={t('staffHours')} {...hours} {...form.field('settings.staff_hours')} />
          <NumberField
            label={t('patientHours')}
            {...hours}
            {...form.field('settings.patient_hours')}
          />
          <NumberField
            label={t('stepUp')}
            description={t('stepUpHint')}
            {...minutes}
            {...form.field('settings.step_up_minutes')}
          />
          <NumberField
            label={t('noteStepUp')}
            description={t('noteStepUpHint')}
            {...minutes}
            high={1440}
            {...form.field('settings.note_step_up_minutes')}
          />
        </div>
      </Section>
      <Section title={t('children')}>
        <div className={classes.pair}>
          <NumberField
            label={t('ageOfMajority')}
            description={t('ageOfMajorityHint')}
            {...years}
            {...form.field('settings.age_of_majority')}
          />
        </div>
      </Section>
      <FormProblem of={form.problem} />
      <Button type="submit" loading={form.sending}>
        {t('save')}
      </Button>
    </form>
  );
}
