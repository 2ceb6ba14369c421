/* What stands in every view: the top bar with where we are and whether all is saved, and the wall. */

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { linked, me } from "../app/api";
import { href, route } from "../app/router";
import { t, type MessageKey } from "../app/messages";
import type { Autosave } from "../app/autosave";
import type { Desk } from "../app/desk";
import { kept } from "../app/kept";
import { clock } from "../app/time";
import { Icon, Mark } from "./icons";
import { useKeys } from "./keys";
import { lazyAtRest, lazyDialog } from "./lazy";
import { Button, Key, Sr } from "./parts";
import { LangSwitch, ThemeSwitch } from "./switches";

interface ShellProps {
  crumb: ComponentChildren;
  mid?: ComponentChildren;
  save?: Autosave | undefined;
  held?: number;
  undo?: Pick<Desk, "store"> | undefined;
  inside: MessageKey;
  meta?: ComponentChildren;
  children: ComponentChildren;
}

const frame = (): Promise<typeof import("../parts/frame")> => import("../parts/frame");
export const KeySheet = lazyDialog(() => frame().then((m) => m.KeySheet));
export const Account = lazyDialog(() => frame().then((m) => m.Account));
const Band = lazyAtRest(() => frame().then((m) => m.Band));

export function Shell(p: ShellProps): JSX.Element {
  const [open, setOpen] = useState<"keys" | "me" | null>(null);
  const store = p.undo?.store,
    site = me.value?.site.name ?? "";
  useKeys({
    sheet: () => setOpen("keys"),
    undo: store === undefined ? undefined : () => store.undo(),
    redo: store === undefined ? undefined : () => store.redo(),
    home: () => {
      location.hash = "#/";
    },
  });
  return (
    <div class="app">
      <header class="top">
        <a class="brand" href="#/" aria-label={t("brand.start")}>
          <Mark />
          <span class="hide-t">Cloister</span>
        </a>
        <span class="sep" />
        <nav class="crumb" aria-label={t("crumb")}>
          {p.crumb}
        </nav>
        <div class="mid">{p.mid ?? <Pages />}</div>
        <div class="right">
          {store !== undefined && (
            <>
              <Button
                kind="ghost icon sm"
                icon="undo"
                of="undo"
                label={t("key.undo")}
                disabled={!store.canUndo.value}
                onClick={() => store.undo()}
              />
              <Button
                kind="ghost icon sm"
                icon="redo"
                of="redo"
                label={t("key.redo")}
                disabled={!store.canRedo.value}
                onClick={() => store.redo()}
              />
            </>
          )}
          {p.save !== undefined && <SaveBadge save={p.save} held={p.held ?? 0} />}
          {[...kept.value.values()].map((d) => (
            <SaveBadge key={d.assignment.id} save={d.save} held={0} />
          ))}
          <ThemeSwitch />
          <LangSwitch />
          <button type="button" class="btn ghost sm" onClick={() => setOpen("keys")}>
            {t("keys")}
            <Key of="sheet" />
          </button>
          <button type="button" class="avatar" title={me.value?.name} onClick={() => setOpen("me")}>
            <span aria-hidden="true">{initials(me.value?.name ?? "")}</span>
            <Sr>{t("account", { name: me.value?.name ?? "" })}</Sr>
          </button>
        </div>
      </header>
      <Band />
      {p.children}
      <Wall
        inside={
          <>
            <b>{t("wall.stays", { site })}</b> <span class="trunc">{t(p.inside)}</span>
          </>
        }
        meta={p.meta}
      />
      {open === "keys" && <KeySheet onClose={() => setOpen(null)} />}
      {open === "me" && <Account onClose={() => setOpen(null)} />}
    </div>
  );
}

export function initials(name: string): string {
  const words = name.split(/[\s.]+/u).filter((w) => /^\p{L}/u.test(w) && !/^(dr|prof)$/iu.test(w));
  return (
    [words[0], words.length > 1 ? words.at(-1) : ""]
      .map((w) => [...(w ?? "")][0] ?? "")
      .join("")
      .toUpperCase() || "·"
  );
}

export function Wall({ inside, meta }: { inside: ComponentChildren; meta?: ComponentChildren }): JSX.Element {
  return (
    <footer class="wall" aria-label={t("wall")}>
      <div class="inside">
        <Icon name="arch" />
        {inside}
      </div>
      <div class="out">
        <Icon name="out" />
        <b>{t("wall.leaves")}</b>{" "}
        <a class="trunc" href={(mine().includes(LEFT) && "#/left") as string}>
          {t(linked() ? "wall.link" : "wall.nothing")}
        </a>
      </div>
      <div class="meta">{meta}</div>
    </footer>
  );
}

/* Saved is a place, not a message: it stands here in every view and never hides. */
export function SaveBadge({ save, held }: { save: Autosave; held: number }): JSX.Element {
  const s = save.state.value,
    lost = s.kind === "unsaved" ? s.n + held : held;
  if (s.kind === "unsaved" || held > 0) {
    const why = s.kind === "unsaved" ? s.text || t(`save.${s.why}`) : t("save.held");
    return (
      <span class="save not" role="status" title={why}>
        <Icon name="warn" small />
        {t("save.not", { n: lost })}
        <Sr>: {why}</Sr>
        {s.kind === "unsaved" && s.why !== "conflict" && (
          <button type="button" class="retry" onClick={() => void save.flush()}>
            {t("save.now")}
          </button>
        )}
      </span>
    );
  }
  if (s.kind === "saving")
    return (
      <span class="save saving" role="status">
        <span class="spin" />
        {t("save.saving")}
      </span>
    );
  return (
    <span class="save" role="status">
      <Icon name="check" small />
      {s.at === null ? t("save.nothingYet") : t("save.saved", { at: clock(s.at) })}
    </span>
  );
}

interface Page {
  readonly path: string;
  readonly roles: readonly string[];
}
const LEFT: Page = { path: "left", roles: ["steward", "auditor"] };
export const PAGES: readonly Page[] = [
  { path: "", roles: ["annotator"] },
  { path: "reviews", roles: ["reviewer", "adjudicator"] },
  { path: "inbox", roles: ["steward"] },
  { path: "figures", roles: ["reviewer", "adjudicator", "steward", "auditor"] },
  { path: "reads", roles: ["steward", "auditor"] },
  LEFT,
  { path: "users", roles: ["admin"] },
];

export function pagesOf(roles: readonly string[]): readonly Page[] {
  return PAGES.filter((p) => p.roles.some((r) => roles.includes(r)));
}

const mine = (): readonly Page[] => pagesOf(me.value?.roles ?? []);

function Pages(): JSX.Element {
  const here = route.value[0] ?? "";
  return (
    <nav class="inline tight" aria-label={t("pages")}>
      {mine().map((p) => (
        <a
          key={p.path}
          class={`jump${here === p.path ? " on" : ""}`}
          aria-current={here === p.path ? "page" : undefined}
          href={p.path === "" ? "#/" : href(p.path)}
        >
          {t(`page.${p.path || "queue"}` as MessageKey)}
        </a>
      ))}
    </nav>
  );
}
