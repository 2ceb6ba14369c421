/* Skip and flag, comment, failing checks, which relation, and the choice between two versions. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { post } from "../../app/api";
import { say, t, type MessageKey } from "../../app/messages";
import type { Theirs } from "../../app/autosave";
import type { Desk } from "../../app/desk";
import type { Comment, FailedCheck } from "../../app/records";
import { clock } from "../../app/time";
import type { Annotation } from "../../model/types";
import { useFault } from "../fault";
import { Button, Dialog, Note } from "../parts";
import { wordsOf } from "../places";
import type { Acts } from "./acts";
import { nextItem, type Submit } from "./submit";

const REASONS = ["unreadable", "wrong_item", "not_my_field", "other"] as const;

interface AskProps {
  acts: Acts;
  desk: Desk;
  onClose: () => void;
}

export function SkipDialog({ acts, desk, onClose: close }: AskProps): JSX.Element {
  const [reason, setReason] = useState<string>("unreadable"),
    [text, setText] = useState(""),
    fault = useFault();
  const path = `/api/assignments/${desk.assignment.id}`;
  const send = async (): Promise<void> => {
    if (reason === "flag") {
      await post(`${path}/flag`, { text });
      acts.say(t("flag.done"));
      return close();
    }
    await desk.save.flush();
    await post(`${path}/skip`, { reason, ...(text.trim() === "" ? {} : { text }) });
    close();
    await nextItem(desk.assignment.campaign);
  };
  const go = (): void => void fault.watch(send());
  return (
    <Dialog
      title={t("skip.title")}
      onClose={close}
      commands={{ submit: go }}
      footer={
        <>
          <Button k="Escape" onClick={close}>
            {t("cancel")}
          </Button>
          <Button kind="primary" of="submit" disabled={reason === "flag" && text.trim() === ""} onClick={go}>
            {t(reason === "flag" ? "flag.send" : "skip.send")}
          </Button>
        </>
      }
    >
      <p class="muted">{t("skip.why")}</p>
      <fieldset class="stack">
        <legend class="sr">{t("skip.reason")}</legend>
        {[...REASONS, "flag"].map((r) => (
          <label class="opt" key={r}>
            <input type="radio" name="reason" checked={reason === r} onChange={() => setReason(r)} />
            {t(`skip.${r}` as MessageKey)}
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="skip-text">{t("skip.text")}</label>
        <textarea class="input" id="skip-text" rows={2} value={text} onInput={(e) => setText(e.currentTarget.value)} />
      </div>
      {fault.node}
    </Dialog>
  );
}

export function CommentDialog({
  acts,
  desk,
  onClose: close,
  onSent,
}: AskProps & { onSent: (c: Comment) => void }): JSX.Element {
  const [text, setText] = useState(""),
    fault = useFault(),
    region = acts.desk.store.selected.value;
  const send = (): void =>
    void fault.watch(
      post<Comment>(`/api/assignments/${desk.assignment.id}/comments`, {
        ...(region === null ? {} : { region }),
        text,
      }).then((c) => {
        onSent(c);
        close();
      }),
    );
  return (
    <Dialog
      title={t(region === null ? "comment.item" : "comment.region")}
      onClose={close}
      commands={{ submit: send }}
      footer={
        <>
          <Button k="Escape" onClick={close}>
            {t("cancel")}
          </Button>
          <Button kind="primary" of="submit" disabled={text.trim() === ""} onClick={send}>
            {t("comment.send")}
          </Button>
        </>
      }
    >
      <textarea
        class="input"
        rows={3}
        aria-label={t("comment.text")}
        placeholder={t("comment.text")}
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
      />
      <p class="hint">{t("comment.who")}</p>
      {fault.node}
    </Dialog>
  );
}

export function ChecksDialog({
  submit,
  list,
  onClose: close,
}: {
  submit: Submit;
  list: readonly FailedCheck[];
  onClose: () => void;
}): JSX.Element {
  const blocked = list.some((c) => c.severity === "block");
  const go = (): void => {
    close();
    void submit.run(list.map((c) => c.id));
  };
  return (
    <Dialog
      title={t(blocked ? "checks.block" : "checks.warn")}
      onClose={close}
      commands={blocked ? {} : { submit: go }}
      footer={
        <>
          <Button k="Escape" onClick={close}>
            {t("checks.back")}
          </Button>
          {!blocked && (
            <Button kind="primary" of="submit" onClick={go}>
              {t("checks.anyway")}
            </Button>
          )}
        </>
      }
    >
      <div class="stack">
        {list.map((c) => (
          <Note key={c.id} kind={c.severity === "block" ? "bad" : "warn"}>
            {say(c.say)}
          </Note>
        ))}
      </div>
    </Dialog>
  );
}

/* More than one type may join two regions: the person picks. */
export function RelationDialog({ acts, onClose: close }: { acts: Acts; onClose: () => void }): JSX.Element {
  const list = acts.choices.value ?? [],
    { desk } = acts;
  const name = (id: string): string => {
    const r = desk.store.region(id);
    return r === null
      ? "?"
      : wordsOf(
          r,
          desk.panes.find((p) => p.id === r.stream),
        );
  };
  return (
    <Dialog
      title={t("relation.which")}
      onClose={close}
      footer={
        <Button k="Escape" onClick={close}>
          {t("cancel")}
        </Button>
      }
    >
      <div class="stack">
        {list.map((r) => (
          <button
            type="button"
            class="btn block between"
            key={r.id}
            onClick={() => {
              desk.store.addRelation(r);
              close();
            }}
          >
            <span class="trunc">{name(r.from)}</span>
            <span class="reltype">{say(desk.schema.relations.get(r.type)?.name ?? {})}</span>
            <span class="trunc">{name(r.to)}</span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}

interface Difference {
  readonly added: number;
  readonly gone: number;
  readonly changed: number;
}

function differs(mine: Annotation, theirs: Annotation): Difference {
  const old = new Map(theirs.regions.map((r) => [r.id, JSON.stringify(r)])),
    now = new Map(mine.regions.map((r) => [r.id, JSON.stringify(r)]));
  let added = 0,
    gone = 0,
    changed = 0;
  for (const [id, r] of now)
    if (!old.has(id)) added++;
    else if (old.get(id) !== r) changed++;
  for (const id of old.keys()) if (!now.has(id)) gone++;
  return { added, gone, changed };
}

/* Two windows, one draft: both versions are shown, the person chooses, nothing is overwritten silently. */
export function ConflictDialog({ desk, theirs }: { desk: Desk; theirs: Theirs }): JSX.Element {
  const { save, store } = desk,
    mine = store.document(),
    d = differs(mine, theirs.doc);
  const side = (title: string, doc: Annotation, hint: string): JSX.Element => (
    <section class="box">
      <h3 class="over">{title}</h3>
      <dl class="facts">
        <dt>{t("regions")}</dt>
        <dd>{doc.regions.length}</dd>
        <dt>{t("relations")}</dt>
        <dd>{doc.relations.length}</dd>
        <dt>{t("answers")}</dt>
        <dd>{Object.keys(doc.answers).length}</dd>
      </dl>
      <p class="hint">{hint}</p>
    </section>
  );
  return (
    <Dialog
      title={t("conflict.title")}
      wide
      footer={
        <>
          <Button onClick={() => save.settle(false)}>{t("conflict.takeTheirs")}</Button>
          <Button kind="primary" onClick={() => save.settle(true)}>
            {t("conflict.keepMine")}
          </Button>
        </>
      }
    >
      <Note kind="bad">{t("conflict.why", { at: clock(theirs.saved_ms) })}</Note>
      <div class="two">
        {side(t("conflict.mine"), mine, t("conflict.diff", { added: d.added, gone: d.gone, changed: d.changed }))}
        {side(t("conflict.theirs"), theirs.doc, t("conflict.saved", { at: clock(theirs.saved_ms) }))}
      </div>
    </Dialog>
  );
}
