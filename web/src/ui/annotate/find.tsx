/* Find in a text: / opens it, Enter goes on, Esc leaves with what was found chosen, so that a label's key marks it. */

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../../app/messages";
import type { Pane } from "../../app/desk";
import { count } from "../../app/time";
import { FoundMarks } from "../../engines/text/found";
import { finder, firstFrom, MOST, type Found } from "../../model/find";
import { Icon } from "../icons";
import { useKeys } from "../keys";
import { Button } from "../parts";
import type { Acts } from "./acts";

const LONG = 80; /* a longer choice is hardly what is looked for */

export function Find({ acts, pane }: { acts: Acts; pane: Pane }): JSX.Element | null {
  const input = useRef<HTMLInputElement>(null),
    engine = acts.texts.get(pane.id),
    { lines } = engine?.paper ?? {};
  const look = useMemo(() => (lines === undefined ? () => [] : finder(lines)), [lines]);
  const [typed, setTyped] = useState(""),
    [at, setAt] = useState(0),
    marks = useRef<FoundMarks | null>(null);
  const list = useMemo<Found[]>(() => look(typed), [look, typed]);
  const asked = acts.finding.value?.n;

  useEffect(() => {
    if (engine === undefined) return;
    const shown = new FoundMarks(engine, engine.root);
    marks.current = shown;
    const chosen = engine.chosen(),
      words = chosen === null ? "" : engine.paper.lines.slice(...chosen);
    if (words !== "" && words.length <= LONG) search(words);
    return () => shown.dispose();
  }, [engine]);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [asked]);
  useEffect(() => marks.current?.show(list, list.length === 0 ? -1 : at), [list, at]);

  function search(words: string): void {
    setTyped(words);
    setAt(firstFrom(look(words), engine?.caret.at ?? 0));
  }
  const go = (by: 1 | -1): void => setAt((at + by + list.length) % Math.max(1, list.length));
  const close = (): void => {
    acts.finding.value = null;
    const one = list[at];
    engine?.focus();
    if (one !== undefined) engine?.caret.set(one[0], one[1]);
  };
  useKeys({}, [{ scope: "dialog", keys: ["Escape"], say: "cancel", run: close }]);
  const onKey = (e: KeyboardEvent): void => {
    if (e.isComposing || !["Enter", "Escape"].includes(e.key)) return;
    e.preventDefault();
    if (e.key === "Escape") close();
    else go(e.shiftKey ? -1 : 1);
  };
  if (engine === undefined) return null;
  const none = typed.trim() !== "" && list.length === 0;
  return (
    <div class="findbar" role="search" aria-label={t("find.in", { stream: pane.id })}>
      <Icon name="search" small faint />
      <input
        class="input"
        ref={input}
        aria-label={t("find.words")}
        placeholder={t("find.words")}
        autocomplete="off"
        spellcheck={false}
        value={typed}
        aria-invalid={none}
        onInput={(e) => search(e.currentTarget.value)}
        onKeyDown={onKey}
      />
      <span class="small nowrap n" role="status">
        {typed.trim() === ""
          ? ""
          : none
            ? t("find.none")
            : t("find.at", { at: count(at + 1), n: list.length === MOST ? `${count(MOST)}+` : count(list.length) })}
      </span>
      <Button
        kind="ghost icon sm"
        icon="up"
        k="Shift+Enter"
        label={t("find.previous")}
        disabled={list.length === 0}
        onClick={() => go(-1)}
      />
      <Button
        kind="ghost icon sm"
        icon="down"
        k="Enter"
        label={t("find.next")}
        disabled={list.length === 0}
        onClick={() => go(1)}
      />
      <Button kind="ghost icon sm" icon="x" k="Escape" label={t("close")} onClick={close} />
    </div>
  );
}
