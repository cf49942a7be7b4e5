import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';

/** How this device tells of somebody new. Kept on the device: the clinician's desk may be loud. */
export function useSoundSetting() {
  return useLocalStorage({ key: 'carethread.queue.sound', defaultValue: true });
}

type DesktopState = 'unsupported' | 'ask' | 'blocked' | 'on' | 'off';

/** Desktop notifications: the browser's permission, asked for by a press, and a switch of our own. */
export function useDesktopSetting() {
  const [wanted, setWanted] = useLocalStorage({
    key: 'carethread.queue.desktop',
    defaultValue: true,
  });
  const [permission, setPermission] = useState(readPermission);
  const toggle = async () => {
    if (permission !== 'default') return setWanted(!wanted);
    setPermission(await Notification.requestPermission());
    setWanted(true);
  };
  return { state: stateOf(permission, wanted), toggle };
}

type Permission = NotificationPermission | 'unsupported';

const readPermission = (): Permission =>
  typeof Notification === 'undefined' ? 'unsupported' : Notification.permission;

function stateOf(permission: Permission, wanted: boolean): DesktopState {
  if (permission === 'unsupported') return 'unsupported';
  if (permission === 'denied') return 'blocked';
  if (permission === 'default') return 'ask';
  return wanted ? 'on' : 'off';
}
