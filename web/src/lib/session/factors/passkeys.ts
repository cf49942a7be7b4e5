import { ApiProblem } from '@/lib/api/problem';

/** What the API gives for a ceremony, and what it takes back. */
interface Ceremony {
  challenge: string;
  options: Record<string, unknown>;
}
interface CeremonyAnswer {
  challenge: string;
  credential: Record<string, unknown>;
}

/** The browser's dialog was closed without an answer: nothing to tell anybody. */
export class PasskeyDismissed extends Error {}

export const canUsePasskeys = (): boolean =>
  window.isSecureContext && typeof window.PublicKeyCredential === 'function';

/** Asks the device to make a passkey. */
export async function makePasskey({ challenge, options }: Ceremony): Promise<CeremonyAnswer> {
  const { startRegistration } = await import('@simplewebauthn/browser');
  const optionsJSON = options as unknown as Parameters<typeof startRegistration>[0]['optionsJSON'];
  const made = await startRegistration({ optionsJSON }).catch(refused);
  return { challenge, credential: { ...made } };
}

/** Asks the device to show a passkey. */
export async function showPasskey({ challenge, options }: Ceremony): Promise<CeremonyAnswer> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const optionsJSON = options as unknown as Parameters<
    typeof startAuthentication
  >[0]['optionsJSON'];
  const shown = await startAuthentication({ optionsJSON }).catch(refused);
  return { challenge, credential: { ...shown } };
}

function refused(error: Error): never {
  if (error.name === 'NotAllowedError' || error.name === 'AbortError') throw new PasskeyDismissed();
  if (error.name === 'InvalidStateError') throw new ApiProblem(409, 'passkey_here_already');
  throw new ApiProblem(422, 'passkey_failed');
}
