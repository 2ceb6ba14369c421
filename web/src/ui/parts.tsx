/* Small parts that every view uses. */

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../app/messages";
import { capOf, useKeys, type Commands } from "./keys";
import { cap, type Command } from "./keytable";
import { Icon, type IconName } from "./icons";

export function Key({ k, of }: { k?: string; of?: Command }): JSX.Element {
  return (
    <kbd class="key" aria-hidden="true">
      {of !== undefined ? capOf(of) : cap(k ?? "")}
    </kbd>
  );
}

export function Sr({ children }: { children: ComponentChildren }): JSX.Element {
  return <span class="sr">{children}</span>;
}

interface ButtonProps {
  onClick?: (() => void) | undefined;
  kind?: string;
  icon?: IconName;
  of?: Command;
  k?: string;
  disabled?: boolean;
  label?: string;
  pressed?: boolean;
  submit?: boolean;
  children?: ComponentChildren;
}
/* A control shows its key; one that is only an icon, in its tip. */
export function Button(p: ButtonProps): JSX.Element {
  const icon = (p.kind ?? "").includes("icon"),
    key = p.of !== undefined ? capOf(p.of) : p.k !== undefined ? cap(p.k) : "";
  return (
    <button
      type={p.submit === true ? "submit" : "button"}
      class={`btn ${p.kind ?? ""}`}
      onClick={p.onClick}
      disabled={p.disabled}
      aria-label={p.label}
      title={p.label === undefined ? undefined : `${p.label} ${key}`.trim()}
      aria-pressed={p.pressed}
    >
      {p.icon !== undefined && <Icon name={p.icon} />}
      {p.children}
      {key !== "" && !icon && (
        <kbd class="key" aria-hidden="true">
          {key}
        </kbd>
      )}
    </button>
  );
}

export function Chip({ color, letter, hollow }: { color: number; letter: string; hollow?: boolean }): JSX.Element {
  return (
    <i class={`chip L${color + 1}${hollow === true ? " hollow" : ""}`} aria-hidden="true">
      {letter}
    </i>
  );
}

export function Badge({ kind, children }: { kind?: string; children: ComponentChildren }): JSX.Element {
  return <span class={`badge ${kind ?? ""}`}>{children}</span>;
}

export function Note({
  kind,
  icon,
  children,
}: {
  kind?: string;
  icon?: IconName;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`note ${kind ?? ""}`}>
      <Icon name={icon ?? (kind === "bad" ? "stop" : kind === "warn" ? "warn" : "info")} />
      <span>{children}</span>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <svg class="art" viewBox="0 0 72 48" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
        <path d="M4 46V24a14 14 0 0 1 28 0v22M40 46V24a14 14 0 0 1 28 0v22M0 46h72M12 46V25a6 6 0 0 1 12 0v21M48 46V25a6 6 0 0 1 12 0v21" />
      </svg>
      <b>{title}</b>
      {children}
    </div>
  );
}

export function Loading(): JSX.Element {
  return (
    <div class="panel loading" role="status">
      <Sr>{t("loading")}</Sr>
      <span class="skel w6" />
      <span class="skel w8" />
      <span class="skel w3" />
    </div>
  );
}

interface DialogProps {
  title: string;
  onClose?: (() => void) | undefined;
  commands?: Commands;
  wide?: boolean;
  footer?: ComponentChildren;
  children: ComponentChildren;
}
/* Stands over the dimmed page, takes the focus, gives it back. */
export function Dialog(p: DialogProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useKeys({ ...(p.onClose === undefined ? {} : { cancel: p.onClose }), ...p.commands }, [], true);
  useLayoutEffect(() => {
    const before = document.activeElement;
    box.current?.querySelector<HTMLElement>("[autofocus],input,textarea,select,button")?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const keepIn = (e: KeyboardEvent): void => {
    if (e.key !== "Tab" || box.current === null) return;
    const stops = [
      ...box.current.querySelectorAll<HTMLElement>("button,input,textarea,select,a[href],[tabindex='0']"),
    ].filter((x) => !x.hasAttribute("disabled"));
    const first = stops[0],
      last = stops.at(-1),
      at = document.activeElement;
    if (e.shiftKey ? at === first : at === last) {
      e.preventDefault();
      (e.shiftKey ? last : first)?.focus();
    }
  };
  return (
    <div class="scrim">
      <div
        class={`dialog${p.wide === true ? " wide" : ""}`}
        role="dialog"
        aria-modal="true"
        aria-label={p.title}
        ref={box}
        onKeyDown={keepIn}
      >
        <header>
          <h2>{p.title}</h2>
        </header>
        <div class="body">{p.children}</div>
        {p.footer !== undefined && <footer>{p.footer}</footer>}
      </div>
    </div>
  );
}
