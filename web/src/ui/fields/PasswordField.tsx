import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useTranslations } from 'use-intl';

/** A password, with an eye that is named in the reader's language. */
export function PasswordField(props: PasswordInputProps) {
  const t = useTranslations('actions');
  return (
    <PasswordInput {...props} visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }} />
  );
}
