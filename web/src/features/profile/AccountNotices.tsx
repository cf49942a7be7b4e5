import { useRouterState } from '@tanstack/react-router';
import { SecondWay } from './SecondWay';
import { SecurityNotice } from './SecurityNotice';

/** What a patient should know of their account, above whatever page they are on; what is only offered, at home. */
export default function AccountNotices() {
  const home = useRouterState({ select: (state) => state.location.pathname === '/home' });
  return (
    <>
      <SecurityNotice />
      {home && <SecondWay />}
    </>
  );
}
