import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useLiveQueries } from '@/lib/live/useLive';
import { useMay } from '@/lib/session/session';
import { plainDate } from '@/lib/time/useTimes';
import { Row, Rows } from '@/ui/links/Row';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import { IdentifierDialog } from './IdentifierDialog';
import { type Identifier, type IdentifierKind, identifiersQuery } from './identifiers';

/** The clinic's own record number, and what others know the patient by. */
export default function Identifiers({ patientId }: { patientId: string }) {
  const t = useTranslations('directory.identifiers');
  const mayWrite = useMay()('identifier.write');
  const [editing, setEditing] = useState<Identifier | 'new' | null>(null);
  const query = useQuery(identifiersQuery(patientId));
  useLiveQueries({ 'identifiers.changed': ['identifiers', patientId] });
  return (
    <Section title={t('title')}>
      <QueryState of={query}>
        {({ mrn, identifiers }) => (
          <>
            <Rows label={t('title')}>
              <Row title={mrn} detail={t('mrn')} />
              {identifiers.map((identifier) => (
                <IdentifierRow
                  key={identifier.id}
                  patientId={patientId}
                  identifier={identifier}
                  onChange={mayWrite ? () => setEditing(identifier) : undefined}
                />
              ))}
            </Rows>
            {mayWrite && (
              <Button
                variant="subtle"
                mt="xs"
                leftSection={<IconPlus size={18} aria-hidden />}
                onClick={() => setEditing('new')}
              >
                {t('add')}
              </Button>
            )}
          </>
        )}
      </QueryState>
      {editing && (
        <IdentifierDialog
          patientId={patientId}
          identifier={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </Section>
  );
}

interface IdentifierRowProps {
  patientId: string;
  identifier: Identifier;
  onChange: (() => void) | undefined;
}

/** Of what is masked only the end, until somebody asks for the whole: that is written down. */
function IdentifierRow({ patientId, identifier, onChange }: IdentifierRowProps) {
  const t = useTranslations('directory.identifiers');
  const locale = useCurrentLocale();
  const { id, kind, issuer, value, masked, starts_on, ends_on } = identifier;
  const reveal = useAction({
    run: (_: undefined, init) =>
      take(
        api.POST('/api/patients/{patient_id}/identifiers/{identifier_id}/reveal', {
          params: { path: { patient_id: patientId, identifier_id: id } },
          ...init,
        }),
      ),
  });
  const name = t(`kind.${kind as IdentifierKind}`);
  const details = [
    name,
    issuer,
    starts_on && t('from', { date: plainDate(starts_on, locale) }),
    ends_on && t('until', { date: plainDate(ends_on, locale) }),
  ];
  return (
    <Row
      title={reveal.data?.value ?? value}
      detail={
        <>
          {details.filter(Boolean).join(' · ')}
          <FormProblem of={reveal.error} />
        </>
      }
      aside={
        <Group gap="xs">
          {masked && !reveal.data && (
            <Button
              variant="default"
              size="sm"
              aria-label={t('showNamed', { name })}
              loading={reveal.isPending}
              onClick={() => reveal.mutate(undefined)}
            >
              {t('show')}
            </Button>
          )}
          {onChange && (
            <Button
              variant="default"
              size="sm"
              aria-label={t('changeNamed', { name })}
              onClick={onChange}
            >
              {t('change')}
            </Button>
          )}
        </Group>
      }
    />
  );
}
