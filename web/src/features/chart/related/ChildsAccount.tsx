import { Alert, Button, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMay } from '@/lib/session/session';
import { accountQuery } from '../account/account';
import { DeedDialog } from '../account/DeedDialog';
import { type Related, relatedQuery } from './related';

interface ChildsAccountProps {
  patientId: string;
  /** Whose telephone or mailbox opens the child's account, too. */
  beside: Related;
}

/** A child's own account where somebody acts for the child by the same telephone: seen, and disabled from here. */
export function ChildsAccount({ patientId, beside }: ChildsAccountProps) {
  const t = useTranslations('chart/related.childsAccount');
  const may = useMay()('patient.account');
  const queries = useQueryClient();
  const account = useQuery({ ...accountQuery(patientId), enabled: may });
  const [disabling, setDisabling] = useState(false);
  const close = () => {
    setDisabling(false);
    void queries.invalidateQueries(relatedQuery(patientId));
  };
  return (
    <Alert color="ochre" title={t('title')}>
      <Stack align="flex-start" gap="sm">
        <Text>{t('lead', { name: beside.name })}</Text>
        {account.data && (
          <Button variant="default" onClick={() => setDisabling(true)}>
            {t('do')}
          </Button>
        )}
      </Stack>
      {disabling && account.data && (
        <DeedDialog
          patientId={patientId}
          account={account.data}
          deed={{ verb: 'disable' }}
          onClose={close}
        />
      )}
    </Alert>
  );
}
