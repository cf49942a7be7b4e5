import { Button, Group, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useChanges } from '@/lib/session/stepUp/SigningOff';
import { ConfirmButton } from '@/ui/fields/ConfirmButton';
import { LinkButton } from '@/ui/links/LinkButton';
import { Section } from '@/ui/page/Section';
import { showToast } from '@/ui/toasts/toast';
import { type Invited, linkOf, PEOPLE, type Person } from './people';

type Verb = 'disable' | 'enable' | 'invite' | 'reset-second-factor';

interface PersonActionsProps {
  person: Person;
  /** Somebody whose invitation has to be handed over. */
  onInvited: (person: Person | Invited) => void;
  onDone: () => void;
}

/** What an administrator does with somebody's way in. */
export function PersonActions({ person, onInvited, onDone }: PersonActionsProps) {
  const t = useTranslations('admin.people');
  const what = useChanges(person.waits_for);
  const act = useAction({
    run: (verb: Verb, init) =>
      take(
        api.POST(`/api/admin/people/{account_id}/${verb}`, {
          params: { path: { account_id: person.id } },
          ...init,
        }),
      ),
    invalidates: [PEOPLE],
    onDone: (changed, verb) => {
      if (linkOf(changed)) return onInvited(changed);
      showToast({ text: t(`done.${verb}`, { name: person.name }) });
      onDone();
    },
  });
  return (
    <Section title={t('access')}>
      {person.waits_for.length > 0 && <Text>{t('waitsFor', { what })}</Text>}
      {person.frozen && <Text>{t('frozenHint')}</Text>}
      <FormProblem of={act.error} />
      <Group>
        {person.roles.includes('clinician') && (
          <LinkButton
            to="/hours/$clinicianId"
            params={{ clinicianId: person.id }}
            variant="default"
          >
            {t('hours')}
          </LinkButton>
        )}
        {person.status === 'invited' && (
          <Button variant="default" loading={act.isPending} onClick={() => act.mutate('invite')}>
            {t('inviteAgain')}
          </Button>
        )}
        {person.second_factor.length > 0 && (
          <ConfirmButton
            variant="default"
            question={t('resetQuestion', { name: person.name })}
            consequence={t('resetConsequence')}
            confirm={t('reset')}
            onConfirm={() => act.mutate('reset-second-factor')}
          >
            {t('reset')}
          </ConfirmButton>
        )}
        {person.status === 'disabled' ? (
          <Button variant="default" loading={act.isPending} onClick={() => act.mutate('enable')}>
            {t('enable')}
          </Button>
        ) : (
          <ConfirmButton
            variant="default"
            danger
            question={t('disableQuestion', { name: person.name })}
            consequence={t('disableConsequence')}
            confirm={t('disable')}
            onConfirm={() => act.mutate('disable')}
          >
            {t('disable')}
          </ConfirmButton>
        )}
      </Group>
    </Section>
  );
}
