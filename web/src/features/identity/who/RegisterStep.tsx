import { Anchor, Button, Checkbox, NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { api } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useEnter } from '@/lib/session/enter';
import { deviceZone } from '@/lib/time/useTimes';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import type { Clinic } from '../clinic';
import type { Accepted } from '../signIn';
import { BirthDate } from './BirthDate';
import { birthDateCheck } from './birthDate';

const SEXES = ['female', 'male', 'other', 'declined'] as const;
/** Empty while nothing is chosen: nobody is asked to, and it is kept as not recorded. */
type Sex = (typeof SEXES)[number] | '';

interface RegisterStepProps {
  clinic: Clinic;
  accepted: Accepted;
  /** The time to register is over: begin again. */
  onOver: () => void;
  /** Where somebody signs in by this contact already: back to saying that one is them. */
  onBack?: (() => void) | undefined;
}

/** For somebody whom nobody here knows yet: who they are, and in. */
export function RegisterStep({ clinic, accepted, onOver, onBack }: RegisterStepProps) {
  const t = useTranslations('identity/who.register');
  const language = useCurrentLocale();
  const enter = useEnter();
  const form = useForm({
    initialValues: {
      given: '',
      family: '',
      second: '',
      prefix: '',
      suffix: '',
      used_name: '',
      more: false,
      single: false,
      birth_date: '',
      sex: '' as Sex,
      whose: '',
    },
    checks: ({ given, family, single, birth_date, whose }) => ({
      whose: Boolean(onBack) && !whose && 'required',
      given: !single && !given.trim() && 'required',
      family: !family.trim() && 'required',
      birth_date: birthDateCheck(birth_date),
    }),
    submit: async ({ whose, single, more: _, given, second, sex, ...values }) => {
      await api.POST('/api/clinics/{slug}/patients', {
        params: { path: { slug: clinic.slug } },
        body: {
          ...values,
          given: single ? '' : given,
          second: single ? '' : second,
          sex: sex || 'unknown',
          number_is_new: whose === 'mine',
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
          {onBack && (
            <Radio.Group label={t('whose')} {...form.field('whose')}>
              <Stack gap="xs" mt="xs">
                <Radio value="family" label={t('whoseFamily')} />
                <Radio value="mine" label={t('whoseMine')} />
              </Stack>
            </Radio.Group>
          )}
          {!form.values.single && (
            <TextInput
              label={t('given')}
              autoComplete="given-name"
              maxLength={100}
              autoFocus
              {...form.field('given')}
            />
          )}
          <TextInput
            label={t(form.values.single ? 'onlyName' : 'family')}
            autoComplete={form.values.single ? 'name' : 'family-name'}
            maxLength={100}
            {...form.field('family')}
          />
          <Checkbox label={t('single')} {...form.field('single', { type: 'checkbox' })} />
          {form.values.more ? (
            <>
              {!form.values.single && (
                <TextInput
                  label={t('second')}
                  autoComplete="additional-name"
                  maxLength={100}
                  autoFocus
                  {...form.field('second')}
                />
              )}
              <TextInput
                label={t('suffix')}
                autoComplete="honorific-suffix"
                maxLength={100}
                {...form.field('suffix')}
              />
              <TextInput
                label={t('usedName')}
                description={t('usedNameHint')}
                autoComplete="nickname"
                maxLength={100}
                {...form.field('used_name')}
              />
            </>
          ) : (
            <Anchor
              component="button"
              type="button"
              ta="start"
              onClick={() => form.set('more', true)}
            >
              {t('moreNames')}
            </Anchor>
          )}
          <BirthDate
            error={form.field('birth_date').error}
            onDay={(day) => form.set('birth_date', day)}
          />
          <NativeSelect
            label={t('sex')}
            description={t('sexHint')}
            data={[
              { value: '', label: t('sexChoose') },
              ...SEXES.map((value) => ({ value, label: t(`sexes.${value}`) })),
            ]}
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
          {onBack && (
            <Anchor component="button" type="button" onClick={onBack}>
              {t('back')}
            </Anchor>
          )}
          <LinkButton to="/c/$slug" params={{ slug: clinic.slug }} variant="subtle">
            {t('notNow')}
          </LinkButton>
        </Stack>
      </form>
    </Page>
  );
}
