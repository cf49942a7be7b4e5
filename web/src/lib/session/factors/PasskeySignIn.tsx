import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useEnter } from '../enter';
import { PasskeyButton } from './PasskeyButton';
import { canUsePasskeys, showPasskey } from './passkeys';

/** For whoever has added one: the device's own way to say that it is you. */
export function PasskeySignIn({ slug }: { slug: string }) {
  const t = useTranslations('passkeys');
  const enter = useEnter();
  if (!canUsePasskeys()) return null;
  const signIn = async () => {
    const params = { path: { slug } };
    const begun = await take(api.POST('/api/clinics/{slug}/passkeys/options', { params }));
    const body = await showPasskey(begun);
    await api.POST('/api/clinics/{slug}/passkeys/sign-in', { params, body });
    await enter();
  };
  return <PasskeyButton label={t('signIn')} run={signIn} />;
}
