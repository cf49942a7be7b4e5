import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { type ApiProblem, asWhole } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { canUsePasskeys, makePasskey, PasskeyDismissed } from '@/lib/session/factors/passkeys';
import { useTimes } from '@/lib/time/useTimes';
import { ConfirmButton } from '@/ui/fields/ConfirmButton';
import { Row, Rows } from '@/ui/links/Row';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';

type Passkey = components['schemas']['PasskeyOut'];
const KEY = ['passkeys'];

/** The devices that open the door by themselves. */
export function PasskeysSection() {
  const t = useTranslations('profile.passkeys');
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [renaming, setRenaming] = useState<Passkey | null>(null);
  const query = useQuery({ queryKey: KEY, queryFn: () => take(api.GET('/api/passkeys')) });

  const guarded = async (run: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await run();
      await queries.invalidateQueries({ queryKey: KEY });
    } catch (error) {
      if (!(error instanceof PasskeyDismissed)) setProblem(asWhole(error as ApiProblem));
    } finally {
      setBusy(false);
    }
  };
  const add = () =>
    guarded(async () => {
      const answer = await makePasskey(await take(api.POST('/api/passkeys/options')));
      await api.POST('/api/passkeys', { body: { ...answer, name: t('newName') } });
    });
  const remove = (id: string) =>
    guarded(() =>
      api.DELETE('/api/passkeys/{passkey_id}', { params: { path: { passkey_id: id } } }),
    );
  return (
    <Section title={t('title')}>
      <Stack>
        <Text c="dimmed">{t('lead')}</Text>
        <FormProblem of={problem} />
        <QueryState of={query}>
          {(passkeys) =>
            passkeys.length > 0 && (
              <Rows label={t('title')}>
                {passkeys.map((passkey) => (
                  <PasskeyRow
                    key={passkey.id}
                    passkey={passkey}
                    onRename={() => setRenaming(passkey)}
                    onRemove={() => void remove(passkey.id)}
                  />
                ))}
              </Rows>
            )
          }
        </QueryState>
        {canUsePasskeys() && (
          <Group>
            <Button variant="default" loading={busy} onClick={() => void add()}>
              {t('add')}
            </Button>
          </Group>
        )}
      </Stack>
      {renaming && <Rename passkey={renaming} onDone={() => setRenaming(null)} />}
    </Section>
  );
}

interface PasskeyRowProps {
  passkey: Passkey;
  onRename: () => void;
  onRemove: () => void;
}

function PasskeyRow({ passkey, onRename, onRemove }: PasskeyRowProps) {
  const t = useTranslations('profile.passkeys');
  const times = useTimes();
  const { name, created_at, last_used_at } = passkey;
  const used = last_used_at ? t('used', { time: times.dateTime(last_used_at) }) : t('neverUsed');
  return (
    <Row
      title={name || t('newName')}
      detail={`${t('added', { date: times.date(created_at) })} · ${used}`}
      aside={
        <Group gap="xs">
          <Button variant="default" size="sm" onClick={onRename}>
            {t('rename')}
          </Button>
          <ConfirmButton
            variant="default"
            size="sm"
            danger
            question={t('removeQuestion', { name: name || t('newName') })}
            consequence={t('removeConsequence')}
            confirm={t('remove')}
            onConfirm={onRemove}
          >
            {t('remove')}
          </ConfirmButton>
        </Group>
      }
    />
  );
}

function Rename({ passkey, onDone }: { passkey: Passkey; onDone: () => void }) {
  const t = useTranslations('profile.passkeys');
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: passkey.name },
    checks: ({ name }) => ({ name: !name.trim() && 'required' }),
    submit: async (body) => {
      const params = { path: { passkey_id: passkey.id } };
      await api.PATCH('/api/passkeys/{passkey_id}', { params, body });
      await queries.invalidateQueries({ queryKey: KEY });
      onDone();
    },
  });
  return (
    <Modal
      opened
      onClose={onDone}
      title={t('rename')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form {...form.props}>
        <Stack>
          <TextInput label={t('name')} maxLength={60} data-autofocus {...form.field('name')} />
          <FormProblem of={form.problem} />
          <Button type="submit" loading={form.sending}>
            {t('save')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
