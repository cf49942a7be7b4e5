import { Button, Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { sessionQuery } from '@/lib/session/session';
import { Page } from '@/ui/page/Page';
import classes from './Guest.module.css';
import { enter, type GuestLink, type Place, type Why, whyNot } from './link';

const MEANS = ['seen', 'recorded', 'private', 'nothing', 'leave'] as const;

interface EnterFormProps {
  slug: string;
  token: string;
  link: GuestLink;
  onEntered: (place: Place) => void;
  onOver: (why: Why) => void;
}

/** Before a guest comes in: who asks them, their name, and what being here means. */
export function EnterForm({ slug, token, link, onEntered, onOver }: EnterFormProps) {
  const t = useTranslations('visits/guest');
  const { data: session } = useQuery(sessionQuery);
  const form = useForm({
    initialValues: { name: link.name ?? '', agrees: false },
    checks: ({ name, agrees }) => ({
      name: !name.trim() && 'required',
      agrees: !agrees && 'required',
    }),
    submit: async ({ name }) => {
      try {
        onEntered(await enter(slug, token, name));
      } catch (error) {
        const why = whyNot(error);
        if (!why) throw error;
        onOver(why);
      }
    },
  });
  const agrees = form.field('agrees', { type: 'checkbox' });
  const somebodyElse = session && !session.roles.includes('guest') ? session.name : null;
  return (
    <Page
      title={t('title', { clinic: link.clinic })}
      tabTitle={t('tab')}
      lead={t('lead', { inviter: link.invited_by, kind: t(`kinds.${link.kind}`) })}
    >
      <form {...form.props}>
        <Stack>
          <TextInput
            label={t('name')}
            description={t('nameHint')}
            maxLength={80}
            autoComplete="name"
            data-autofocus
            {...form.field('name')}
          />
          <section aria-label={t('means')}>
            <h2 className={classes.means}>{t('means')}</h2>
            <ul className={classes.list}>
              {MEANS.map((each) => (
                <li key={each}>{t(`meansList.${each}`)}</li>
              ))}
            </ul>
          </section>
          <Checkbox label={t('agree')} {...agrees} error={agrees.error ? t('agreeFirst') : null} />
          {somebodyElse && <Text role="note">{t('otherPerson', { name: somebodyElse })}</Text>}
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending} fullWidth>
            {t('enter')}
          </Button>
        </Stack>
      </form>
    </Page>
  );
}
