import { useState } from 'react';
import type { Clinic } from '../clinic';
import type { Accepted } from '../signIn';
import { IdentifyStep } from './IdentifyStep';
import { RegisterStep } from './RegisterStep';

interface WhoStepProps {
  clinic: Clinic;
  accepted: Accepted;
  /** The time is over: begin again. */
  onOver: () => void;
}

/** After the code: whoever is known says who they are, whoever is new registers. */
export default function WhoStep({ clinic, accepted, onOver }: WhoStepProps) {
  const [isNew, setNew] = useState(accepted.outcome === 'register');
  const known = accepted.outcome === 'identify';
  return isNew ? (
    <RegisterStep
      key="register"
      {...{ clinic, accepted, onOver }}
      onBack={known ? () => setNew(false) : undefined}
    />
  ) : (
    <IdentifyStep key="identify" {...{ clinic, accepted, onOver }} onNew={() => setNew(true)} />
  );
}
