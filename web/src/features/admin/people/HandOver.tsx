import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';

interface HandOverProps {
  name: string;
  link: string;
  onDone: () => void;
}

/** An invitation that nothing carries: its link, shown this once, for the administrator to give. */
export function HandOver({ name, link, onDone }: HandOverProps) {
  const t = useTranslations('admin.people.handOver');
  return (
    <Stack role="status">
      <Text>{t('lead', { name })}</Text>
      <TextInput
        label={t('link')}
        description={t('hint')}
        value={link}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group>
        <CopyButton value={link}>
          {({ copied, copy }) => <Button onClick={copy}>{t(copied ? 'copied' : 'copy')}</Button>}
        </CopyButton>
        <Button variant="default" onClick={onDone}>
          {t('done')}
        </Button>
      </Group>
    </Stack>
  );
}
