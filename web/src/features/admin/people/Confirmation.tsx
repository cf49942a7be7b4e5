import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useErrorText } from '@/lib/errors/useErrorText';
import { confirmationsQuery, type Waiting } from '@/lib/session/stepUp/confirmations';
import { useTimes } from '@/lib/time/useTimes';
import { ConfirmButton } from '@/ui/fields/ConfirmButton';
import { Row, Rows } from '@/ui/links/Row';
import { Section } from '@/ui/page/Section';
import { showToast } from '@/ui/toasts/toast';
import { PEOPLE } from './people';

const INVALIDATES = [confirmationsQuery.queryKey, PEOPLE];

/** What was changed of one colleague, how the account stands now, and what one says to it. */
export function Confirmation({ waiting }: { waiting: Waiting }) {
  const t = useTranslations('admin.confirmations');
  const change = useTranslations('admin/signing.changes');
  const times = useTimes();
  return (
    <Section title={[waiting.name, waiting.credentials].filter(Boolean).join(', ')}>
      <Stack>
        <Rows label={t('changes')}>
          {waiting.changes.map((each) => (
            <Row
              key={each.id}
              title={<Changed what={capital(change(each.change))} change={each} />}
              detail={t('made', { name: each.made_by, time: times.dateTime(each.made_at) })}
            />
          ))}
        </Rows>
        <Now waiting={waiting} />
        <Verdict waiting={waiting} />
      </Stack>
    </Section>
  );
}

/** What it is about and, where there is something to read, what stands there now and stood there before. */
function Changed({ what, change }: { what: string; change: Waiting['changes'][number] }) {
  const t = useTranslations('admin.confirmations');
  const role = useTranslations('admin.people.roles');
  const shown = (value: string) => {
    if (!value) return t('nothing');
    return change.change === 'roles'
      ? value
          .split(', ')
          .map((each) => role(each))
          .join(', ')
      : value;
  };
  const { was, becomes } = change;
  if (becomes === null) return what;
  const values =
    was === null ? shown(becomes) : t('fromTo', { was: shown(was), becomes: shown(becomes) });
  return `${what}: ${values}`;
}

/** The account as it stands: what one reads to the colleague. */
function Now({ waiting }: { waiting: Waiting }) {
  const t = useTranslations('admin.confirmations');
  const role = useTranslations('admin.people.roles');
  const facts = [
    waiting.roles.map((each) => role(each)).join(', '),
    waiting.email,
    waiting.npi && t('npi', { npi: waiting.npi }),
    waiting.dea && t('dea', { dea: waiting.dea }),
    waiting.licences.length > 0 && t('licensed', { states: waiting.licences.join(', ') }),
  ];
  return <Text>{t('now', { facts: facts.filter(Boolean).join(' · ') })}</Text>;
}

function Verdict({ waiting }: { waiting: Waiting }) {
  const t = useTranslations('admin.confirmations');
  const errorText = useErrorText();
  const [spoken, setSpoken] = useState(false);
  const { account_id, name, changes } = waiting;
  const params = { path: { account_id } };
  const confirm = useAction({
    run: (ids: string[], init) =>
      take(
        api.POST('/api/confirmations/{account_id}/confirm', {
          params,
          body: { changes: ids },
          ...init,
        }),
      ),
    invalidates: INVALIDATES,
    onDone: () => showToast({ text: t('confirmed', { name }) }),
  });
  const freeze = useAction({
    run: (_: undefined, init) =>
      take(api.POST('/api/confirmations/{account_id}/freeze', { params, ...init })),
    invalidates: INVALIDATES,
    onDone: () => showToast({ text: t('frozen', { name }) }),
  });
  if (waiting.frozen) return <Alert color="red">{t('isFrozen')}</Alert>;
  if (waiting.refusal) return <Text c="dimmed">{errorText(waiting.refusal)}</Text>;
  return (
    <Stack>
      {waiting.set_up ? (
        <Checkbox
          label={t('spoken', { name })}
          description={t('spokenHint')}
          checked={spoken}
          onChange={(event) => setSpoken(event.currentTarget.checked)}
        />
      ) : (
        <Text c="dimmed">{t('notSetUp', { name })}</Text>
      )}
      <FormProblem of={confirm.error ?? freeze.error} />
      <Group>
        {waiting.set_up && (
          <Button
            disabled={!spoken}
            loading={confirm.isPending}
            onClick={() => confirm.mutate(changes.map(({ id }) => id))}
          >
            {t('confirm')}
          </Button>
        )}
        <ConfirmButton
          variant="default"
          danger
          question={t('freezeQuestion', { name })}
          consequence={t('freezeConsequence')}
          confirm={t('freeze')}
          onConfirm={() => freeze.mutate(undefined)}
        >
          {t('freeze')}
        </ConfirmButton>
      </Group>
    </Stack>
  );
}

const capital = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
