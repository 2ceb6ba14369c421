/* What a new version of a guideline changed, before and after, and the word that it was read. Until then work is
   kept under the version it was begun under; afterwards it goes on under the one in force. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { post } from "../../app/api";
import { say, t, type MessageKey } from "../../app/messages";
import { guidelinesOf } from "../../app/pinned";
import type { GuidelineChange, LabelWords } from "../../app/records";
import { changedLines } from "../../model/lines";
import type { Guideline } from "../../model/types";
import { useFault } from "../fault";
import { Markdown } from "../markdown";
import { Button, Dialog, Note } from "../parts";
import type { Acts } from "./acts";

type Pair = ReadonlyMap<string, Guideline>;

export function ChangesDialog({ acts, onClose }: { acts: Acts; onClose: () => void }): JSX.Element {
  const { desk } = acts,
    fault = useFault(),
    [pairs, setPairs] = useState<readonly Pair[]>([]),
    list = desk.unread.value;
  useEffect(() => {
    void fault.watch(Promise.all(list.map((c) => guidelinesOf({ before: c.before, now: c.hash }))).then(setPairs));
  }, [list]);
  const read = async (): Promise<void> => {
    for (const c of list) await post(`/api/guidelines/${c.hash}/acknowledge`);
    const now = await guidelinesOf(Object.fromEntries(list.map((c) => [c.kind, c.hash])));
    for (const c of list) desk.subject.guidelines[c.kind] = c.hash;
    for (const [kind, g] of now) desk.guidelines.set(kind, g);
    desk.store.pin(Object.values(desk.subject.guidelines));
    desk.unread.value = [];
    acts.say(t("changes.done"));
    onClose();
  };
  const go = (): void => void fault.watch(read());
  return (
    <Dialog
      title={t("changes.title")}
      wide
      onClose={onClose}
      commands={{ submit: go }}
      footer={
        <>
          <Button k="Escape" onClick={onClose}>
            {t("changes.later")}
          </Button>
          <Button kind="primary" of="submit" onClick={go}>
            {t("changes.read")}
          </Button>
        </>
      }
    >
      <p class="muted">{t("changes.why")}</p>
      {list.map((c, i) => (
        <One key={c.hash} acts={acts} change={c} pair={pairs[i]} />
      ))}
      {fault.node}
    </Dialog>
  );
}

function One({ acts, change, pair }: { acts: Acts; change: GuidelineChange; pair: Pair | undefined }): JSX.Element {
  const said = say(change.changes),
    before = pair?.get("before"),
    now = pair?.get("now"),
    lines = before === undefined || now === undefined ? [] : changedLines(say(before.body), say(now.body));
  return (
    <section class="stack" aria-label={t(`changes.kind.${change.kind}` as MessageKey, { n: change.version })}>
      <h3 class="h3">{t(`changes.kind.${change.kind}` as MessageKey, { n: change.version })}</h3>
      {change.breaking && <Note kind="warn">{t("changes.breaking")}</Note>}
      {said !== "" && <Markdown text={said} />}
      {change.labels.length === 0 && <p class="hint">{t("changes.none")}</p>}
      {change.labels.length + lines.length > 0 && (
        <table class="table diff box prose">
          <thead>
            <tr>
              <th>{t("changes.where")}</th>
              <th>{t("changes.before")}</th>
              <th>{t("changes.now")}</th>
            </tr>
          </thead>
          <tbody>
            {change.labels.map((l) => (
              <tr class="chg" key={l.id}>
                <th scope="row">{say(acts.desk.schema.labels.get(l.id)?.name ?? { en: l.id })}</th>
                <td class="was">{inWords(l.before)}</td>
                <td class="now">{inWords(l.after)}</td>
              </tr>
            ))}
            {lines.map((s, i) => (
              <tr class="chg" key={i}>
                <th scope="row">{i === 0 ? t("changes.text") : ""}</th>
                <td class="was">{s.before.join("\n")}</td>
                <td class="now">{s.now.join("\n")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function inWords(l: LabelWords | null): string {
  if (l === null) return t("changes.absent");
  return [
    say(l.define),
    ...l.include.map((x) => t("changes.include", { x: say(x) })),
    ...l.exclude.map((x) => t("changes.exclude", { x: say(x) })),
    ...l.examples.map((x) => t("changes.example", { x: say(x) })),
  ].join("\n");
}
