import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { api } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useEnter } from '@/lib/session/enter';
import { deviceZone } from '@/lib/time/useTimes';
import { LinkButton } from '@/ui/LinkButton';
import { Page } from '@/ui/Page';
import { BirthDate } from './BirthDate';
import { birthDateCheck } from './birthDate';
import type { Clinic } from './clinic';
import type { Accepted } from './SignInPage';

const SEXES = ['female', 'male', 'other', 'unknown'] as const;
type Sex = (typeof SEXES)[number];

interface RegisterStepProps {
  clinic: Clinic;
  accepted: Accepted;
  /** The time to register is over: begin again. */
  onOver: () => void;
}

/** For somebody whose phone or mailbox nobody here knows yet: who they are, and in. */
export default function RegisterStep({ clinic, accepted, onOver }: RegisterStepProps) {
  const t = useTranslations('identity.register');
  const language = useCurrentLocale();
  const enter = useEnter();
  const form = useForm({
    initialValues: { given: '', family: '', birth_date: '', sex: 'unknown' as Sex },
    checks: ({ given, family, birth_date }) => ({
      given: !given.trim() && 'required',
      family: !family.trim() && 'required',
      birth_date: birthDateCheck(birth_date),
    }),
    submit: async (values) => {
      await api.POST('/api/clinics/{slug}/patients', {
        params: { path: { slug: clinic.slug } },
        body: {
          ...values,
          registration: accepted.registration ?? '',
          language,
          time_zone: deviceZone(),
        },
      });
      await enter();
    },
  });
  return (
    <Page
      title={t('title', { clinic: clinic.name })}
      lead={t('lead', { contact: accepted.masked ?? '' })}
    >
      <form {...form.props}>
        <Stack>
          <TextInput
            label={t('given')}
            autoComplete="given-name"
            maxLength={100}
            autoFocus
            {...form.field('given')}
          />
          <TextInput
            label={t('family')}
            autoComplete="family-name"
            maxLength={100}
            {...form.field('family')}
          />
          <BirthDate
            error={form.field('birth_date').error}
            onDay={(day) => form.set('birth_date', day)}
          />
          <NativeSelect
            label={t('sex')}
            description={t('sexHint')}
            data={SEXES.map((value) => ({ value, label: t(`sexes.${value}`) }))}
            {...form.field('sex')}
          />
          <FormProblem of={form.problem} />
          {form.problem?.code === 'registration_over' && (
            <Button variant="default" onClick={onOver}>
              {t('again')}
            </Button>
          )}
          <Button type="submit" loading={form.sending} fullWidth>
            {t('submit')}
          </Button>
          <LinkButton to="/c/$slug" params={{ slug: clinic.slug }} variant="subtle">
            {t('notNow')}
          </LinkButton>
        </Stack>
      </form>
    </Page>
  );
}
