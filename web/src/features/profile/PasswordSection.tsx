import { Button, Stack } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { api } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { PasswordField } from '@/ui/fields/PasswordField';
import { Section } from '@/ui/page/Section';
import { showToast } from '@/ui/toasts/toast';
import classes from './ProfilePage.module.css';

export function PasswordSection() {
  const t = useTranslations('profile.password');
  const form = useForm({
    initialValues: { current: '', new: '' },
    checks: (typed) => ({
      current: !typed.current && 'required',
      new: typed.new.length < 12 && 'password_too_short',
    }),
    submit: async (body) => {
      await api.POST('/api/me/password', { body });
      form.reset();
      showToast({ text: t('changed') });
    },
  });
  return (
    <Section title={t('title')}>
      <form {...form.props}>
        <Stack>
          <PasswordField
            label={t('current')}
            autoComplete="current-password"
            maxLength={200}
            {...form.field('current')}
          />
          <PasswordField
            label={t('new')}
            description={t('hint')}
            autoComplete="new-password"
            maxLength={128}
            {...form.field('new')}
          />
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending} className={classes.save ?? ''}>
            {t('change')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
