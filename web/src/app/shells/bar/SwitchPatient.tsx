import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { actFor } from '@/lib/session/actFor';
import { usePerson } from '@/lib/session/session';

/** The others for whom one may act: a press, and every page is about that one. */
export function SwitchPatient() {
  const t = useTranslations('profile/relations.whoFor');
  const person = usePerson();
  const others = person.patients.filter(({ patient_id }) => patient_id !== person.patient_id);
  if (others.length === 0) return null;
  return (
    <Menu position="bottom-end" radius="md">
      <Menu.Target>
        <Button
          variant="subtle"
          size="compact-md"
          rightSection={<IconChevronDown size={16} aria-hidden />}
        >
          {t('change')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map(({ patient_id, name, relationship }) => (
          <Menu.Item key={patient_id} onClick={() => void actFor(patient_id)}>
            {relationship === 'ONESELF' ? t('oneself', { name }) : name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
