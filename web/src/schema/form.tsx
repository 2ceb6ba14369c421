/* Forms made from the schema: one field for an attr or a question, by its type. What is typed becomes a
   value when it is one; until then it is held back, and said so. */

import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { say, t } from "../app/messages";
import { misfit } from "../model/validate/annotation";
import type { Absence, Translations } from "../model/types";
import { Key } from "../ui/parts";

export type Scalar = string | number | boolean;
export type FieldValue = Scalar | readonly string[] | { readonly absent: Absence };
export interface Option {
  readonly value: FieldValue;
  readonly name: string;
  readonly key?: string | undefined;
}

export interface FieldSpec {
  readonly id: string;
  readonly name: Translations;
  readonly type: string;
  readonly required?: boolean | undefined;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly unit?: string;
  readonly options: readonly Option[];
  readonly absences: readonly Option[];
}
interface FieldProps {
  spec: FieldSpec;
  value: FieldValue | undefined;
  readOnly?: boolean;
  keyCap?: string | undefined;
  onValue: (v: FieldValue | undefined) => void;
  onHeld?: ((held: boolean) => void) | undefined;
}

const IDLE_MS = 900;
const same = (a: FieldValue | undefined, b: FieldValue | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

export function Field(p: FieldProps): JSX.Element {
  const { spec } = p;
  return (
    <fieldset class="field" disabled={p.readOnly === true}>
      <legend>
        {say(spec.name)}
        {spec.required === true && (
          <span class="req">
            <span aria-hidden="true">*</span>
            <span class="sr">{t("required")}</span>
          </span>
        )}
        {spec.unit !== undefined && spec.unit !== "1" && <span class="faint">{spec.unit}</span>}
        {p.keyCap !== undefined && (
          <>
            <span class="end" />
            <Key k={p.keyCap} />
          </>
        )}
      </legend>
      <Body {...p} />
    </fieldset>
  );
}

function Body(p: FieldProps): JSX.Element {
  const { spec, value, onValue } = p;
  const pick = (o: Option): void => onValue(same(value, o.value) ? undefined : o.value);
  switch (spec.type) {
    case "bool":
    case "enum":
    case "choice":
      return spec.options.length > 7 ? (
        <Choose {...p} />
      ) : (
        <Segments options={[...spec.options, ...spec.absences]} value={value} onPick={pick} />
      );
    case "choices":
      return <Several {...p} />;
    case "rating":
      if (spec.options.length > 0) return <Rating {...p} />;
      return <Typed {...p} />;
    default:
      return <Typed {...p} />;
  }
}

export function Segments({
  options,
  value,
  onPick,
}: {
  options: readonly Option[];
  value: FieldValue | undefined;
  onPick: (o: Option) => void;
}): JSX.Element {
  return (
    <div class="seg fill wrap">
      {options.map((o) => (
        <button
          type="button"
          key={JSON.stringify(o.value)}
          aria-pressed={same(value, o.value)}
          onClick={() => onPick(o)}
        >
          {o.name}
          {o.key !== undefined && <Key k={o.key} />}
        </button>
      ))}
    </div>
  );
}

function Absences({ spec, value, onValue }: FieldProps): JSX.Element | null {
  if (spec.absences.length === 0) return null;
  return (
    <Segments
      options={spec.absences}
      value={value}
      onPick={(o) => onValue(same(value, o.value) ? undefined : o.value)}
    />
  );
}

function Choose({ spec, value, onValue }: FieldProps): JSX.Element {
  const all = [...spec.options, ...spec.absences];
  const at = all.findIndex((o) => same(o.value, value));
  return (
    <select
      class="input"
      aria-label={say(spec.name)}
      value={String(at)}
      onChange={(e) => onValue(all[Number(e.currentTarget.value)]?.value)}
    >
      <option value="-1">–</option>
      {all.map((o, i) => (
        <option key={i} value={String(i)}>
          {o.name}
        </option>
      ))}
    </select>
  );
}

function Several(p: FieldProps): JSX.Element {
  const { spec, value, onValue } = p,
    held = Array.isArray(value) ? (value as readonly string[]) : [];
  const toggle = (v: string): void => {
    const next = spec.options
      .map((o) => o.value as string)
      .filter((x) => (x === v ? !held.includes(x) : held.includes(x)));
    onValue(next.length === 0 ? undefined : next);
  };
  return (
    <div class="several">
      {spec.options.map((o) => (
        <label class="opt" key={String(o.value)}>
          <input
            type="checkbox"
            checked={held.includes(o.value as string)}
            onChange={() => toggle(o.value as string)}
          />
          {o.name}
          {o.key !== undefined && <Key k={o.key} />}
        </label>
      ))}
      <Absences {...p} />
    </div>
  );
}

function Rating(p: FieldProps): JSX.Element {
  const { spec, value, onValue } = p;
  return (
    <div class="inline wrap">
      <div class="rate">
        {spec.options.map((o) => (
          <button
            type="button"
            key={String(o.value)}
            aria-pressed={value === o.value}
            onClick={() => onValue(value === o.value ? undefined : o.value)}
          >
            {o.name}
          </button>
        ))}
      </div>
      <Absences {...p} />
    </div>
  );
}

/* What the typed text means for the type; undefined while it means nothing. */
export function valueOf(type: string, s: string): FieldValue | undefined {
  if (s === "") return undefined;
  if (type !== "int" && type !== "rating") return s;
  return /^-?(0|[1-9][0-9]*)$/.test(s) && Number.isSafeInteger(Number(s)) ? Number(s) : undefined;
}

function Typed(p: FieldProps): JSX.Element {
  const { spec, value } = p,
    id = useId();
  const shown = value === undefined || typeof value === "object" ? "" : String(value);
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef(0);
  const meant = typed === null ? undefined : valueOf(spec.type, typed);
  const why =
    typed === null || typed === ""
      ? null
      : meant === undefined
        ? t("field.notYet")
        : misfit(meant, { ...spec, values: [], labels: [] }, spec.type);
  const held = typed !== null && typed !== shown;
  useEffect(() => {
    p.onHeld?.(held);
    return () => p.onHeld?.(false);
  }, [held]);
  useEffect(() => {
    setTyped(null);
  }, [spec.id]);
  const settle = (): void => {
    clearTimeout(timer.current);
    if (typed === null || why !== null) return;
    if (typed !== shown) p.onValue(meant);
    setTyped(null);
  };
  useEffect(() => {
    if (!held) return;
    timer.current = setTimeout(settle, IDLE_MS) as unknown as number;
    return () => clearTimeout(timer.current);
  }, [typed]);
  const on = {
    value: typed ?? shown,
    class: `input${why === null ? "" : " bad"}`,
    "aria-label": say(spec.name),
    onBlur: settle,
    "aria-describedby": why === null ? undefined : id,
    onInput: (e: Event) => setTyped((e.currentTarget as HTMLInputElement).value),
  };
  return (
    <div class="stack">
      {spec.type === "text" ? (
        <textarea rows={2} {...on} />
      ) : spec.type === "date" ? (
        <input type="date" {...on} />
      ) : (
        <input type="text" inputMode="decimal" autocomplete="off" {...on} />
      )}
      {why !== null && (
        <span class="err" id={id}>
          {why}
        </span>
      )}
      <Absences {...p} />
    </div>
  );
}
