import { useNavigate, useSearch } from '@tanstack/react-router';
import { createElement, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { ErrorText } from '@/lib/errors/ErrorText';
import { focusFirstError } from '@/lib/errors/useForm';
import { useCurrentLocale } from '@/lib/i18n/locale';
import type { IntakeStore, State } from '../draft/store';
import type { Form } from '../form';
import { type Intake, questionnaireOf, today } from '../model';
import type { Fault } from '../rules/questionnaire';
import { triage as judge, type RedFlags, type Rule } from '../rules/redFlags';
import { checkDraft } from './check';
import { placeOf, type Step, shows, stepsOf } from './steps';

interface FlowOf {
  intake: Intake;
  redFlags: RedFlags;
  store: IntakeStore;
  state: State;
}

export interface FlowState {
  form: Form;
  steps: Step[];
  at: number;
  step: Step;
  /** Red flags to read before going on; empty when there are none. */
  warning: Rule[];
  /** Whether the server, and with it the clinic, has heard of them. */
  clinicTold: boolean;
  /** Steps in which something is missing or wrong, once the patient tried to send. */
  faulty: ReadonlySet<string>;
  problem: ApiProblem | null;
  busy: boolean;
  next: () => Promise<void>;
  back: () => void;
  goTo: (at: number) => void;
  send: () => Promise<void>;
  acknowledge: () => void;
  formRef: RefObject<HTMLFormElement | null>;
  headingRef: RefObject<HTMLHeadingElement | null>;
}

/** Where the patient is in the intake, what is in the way of going on, and the moves. */
export function useFlow({ intake, redFlags, store, state }: FlowOf): FlowState {
  const language = useCurrentLocale();
  const navigate = useNavigate();
  const formRef = useRef<HTMLFormElement>(null);
  const headingRef = useRef<HTMLHeadingElement>(null);
  const questionnaire = useMemo(() => questionnaireOf(intake), [intake]);
  const { draft } = state;
  const triage = useMemo(
    () => judge(redFlags, questionnaire, draft.answers, intake.facts),
    [redFlags, questionnaire, draft.answers, intake.facts],
  );
  const steps = useMemo(
    () => stepsOf(questionnaire, draft.answers, triage, intake.adults !== null),
    [questionnaire, draft.answers, triage, intake.adults],
  );

  const search: { step?: number } = useSearch({ strict: false });
  const at = Math.min(search.step ?? placeOf(steps, state.step), steps.length - 1);
  const step = steps[at] as Step;
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  const unread = triage.flags.filter((rule) => !isRead(rule, state));
  const [warned, setWarned] = useState(unread.length > 0);

  useEffect(() => {
    store.goTo(step.id);
  }, [store, step.id]);
  useFocusOnMove(headingRef, at);

  const faults: Fault[] = [
    ...checkDraft(draft, questionnaire, triage, today(), intake.adults),
    ...state.faults,
  ];
  const faultOf = (path: string) => faults.find((fault) => fault.path === path);
  const focusError = () =>
    requestAnimationFrame(() => formRef.current && focusFirstError(formRef.current));

  const showMissing = () =>
    requestAnimationFrame(() => {
      const first = formRef.current?.querySelector<HTMLElement>('[data-missing]');
      first?.focus();
      first?.scrollIntoView({ block: 'center' });
    });

  const goTo = (place: number) =>
    void navigate({
      to: '/visit/$visitId/intake',
      params: { visitId: intake.visit_id },
      search: { step: place },
    });

  const next = async () => {
    setChecked(new Set(checked).add(step.id));
    if (faults.some((fault) => shows(step, fault.path))) return void focusError();
    setBusy(true);
    await store.flush();
    setBusy(false);
    if (store.snapshot().faults.some((fault) => shows(step, fault.path))) return void focusError();
    if (unread.length > 0) setWarned(true);
    else goTo(at + 1);
  };

  const submit = useAction({
    run: (version: number, init) =>
      take(
        api.POST('/api/visits/{visit_id}/intake/submit', {
          params: { path: { visit_id: intake.visit_id } },
          body: { version },
          ...init,
        }),
      ),
    invalidates: [['visits'], ['intake', intake.visit_id]],
    onDone: () => navigate({ to: '/visit/$visitId/waiting', params: { visitId: intake.visit_id } }),
    onProblem: (refused) => {
      store.reject(refused.fields as Fault[]);
      if (refused.fields.length > 0) showMissing();
      if (refused.code === 'stale') void store.resync();
      if (refused.code === 'red_flag_unread') setWarned(true);
      else setProblem(refused.fields.length > 0 ? null : refused);
    },
  });

  const send = async () => {
    setProblem(null);
    setChecked(new Set(steps.map((each) => each.id)));
    if (faults.length > 0) return void showMissing();
    if (unread.length > 0) return setWarned(true);
    setBusy(true);
    const saved = await store.flush();
    setBusy(false);
    if (saved) submit.mutate(store.snapshot().version);
    else setProblem(new ApiProblem(0, 'unreachable'));
  };

  const acknowledge = () => {
    store.acknowledge(unread.map((rule) => rule.id));
    setWarned(false);
    void store.flush();
    if (at < steps.length - 1 && checked.has(step.id)) goTo(at + 1);
  };

  return {
    form: {
      draft,
      change: store.change,
      error: (path, missing) => {
        const fault = checked.has(step.id) ? faultOf(path) : undefined;
        const code = fault?.code === 'required' && missing ? missing : fault?.code;
        return code && createElement(ErrorText, { code, params: fault?.params ?? {} });
      },
      questionnaire,
      triage,
      language,
    },
    steps,
    at,
    step,
    warning: warned ? unread : [],
    clinicTold: unread.every((rule) => state.flags.some((flag) => flag.id === rule.id)),
    faulty: new Set(
      checked.has('review')
        ? steps
            .filter((each) => faults.some((fault) => shows(each, fault.path)))
            .map(({ id }) => id)
        : [],
    ),
    problem,
    busy: busy || submit.isPending,
    next,
    back: () => goTo(at - 1),
    goTo,
    send,
    acknowledge,
    formRef,
    headingRef,
  };
}

function isRead(rule: Rule, state: State): boolean {
  const flag = state.flags.find((each) => each.id === rule.id);
  return state.acknowledged.includes(rule.id) || Boolean(flag?.acknowledged_at);
}

/** Moving to another screen puts the reader at its heading, but not when the page has just opened. */
function useFocusOnMove(heading: RefObject<HTMLHeadingElement | null>, at: number): void {
  const before = useRef(at);
  useEffect(() => {
    if (before.current === at) return;
    before.current = at;
    heading.current?.focus();
    window.scrollTo({ top: 0 });
  }, [heading, at]);
}
