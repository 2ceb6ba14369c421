/* Settle two readings: one key a group and straight on to the next open one; agreed groups never need a key. */

import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { post } from "../../app/api";
import { say, t } from "../../app/messages";
import { go } from "../../app/router";
import type { Group } from "../../model/match";
import type { Region } from "../../model/types";
import { checkAnnotation } from "../../model/validate";
import { Acts } from "../annotate/acts";
import { ChangesDialog, Find, GuidelineDialog, QuickList, RelationChoice } from "../annotate/asks";
import { focusPane, imageCommands, PaneBox, paneLetters, schemaEntries } from "../annotate/bench";
import { Dock } from "../annotate/dock";
import { Comments, Inspector, Relations } from "../annotate/inspector";
import { Between } from "../annotate/panes";
import { GuidelinePanel } from "../guideline";
import { Icon } from "../icons";
import { useKeys, type Entry } from "../keys";
import { Badge, Button, Key } from "../parts";
import { RegionList } from "../regions";
import { useLater } from "../lazy";
import { Markdown } from "../markdown";
import { Account, KeySheet, Shell } from "../shell";
import { CAUSES, Decide, ReturnDialog, Subject, Why, type Cause } from "./decide";
import type { Result } from "./result";
import { ReaderHead, ReadFilm, ReadText } from "./stage";
import { decisionOf, GroupTable, linesOf } from "./table";

type Layout = "side" | "layered" | "result";

export function ReviewView({ result }: { result: Result }): JSX.Element {
  const acts = useMemo(() => new Acts(result.bench), [result]),
    lines = useMemo(() => linesOf(result), [result]),
    letters = useMemo(() => paneLetters(result.bench.panes), [result]);
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      lines.findIndex((l) => decisionOf(result, l) === null),
    ),
  );
  const [layout, setLayout] = useState<Layout>("side"),
    [cause, setCause] = useState<Cause | null>(null),
    [returning, setReturning] = useState(false);
  const line = lines[at],
    chosen = useSignal<Group | null>(null);
  chosen.value = line?.kind === "group" ? line.group : null;
  void result.bench.store.state.value;
  const open = result.openCount,
    { bench } = result,
    editing = layout === "result";

  const onward = (): void => {
    const next = [...lines.slice(at + 1), ...lines.slice(0, at + 1)].find((l) => decisionOf(result, l) === null);
    if (next !== undefined) setAt(lines.indexOf(next));
  };
  const moves = {
    take: (i: number) => {
      if (line === undefined || bench.readOnly) return;
      if (line.kind === "question") result.takeAnswer(line.question, i);
      else if (!result.take(line.group, i)) return;
      onward();
    },
    average: () => {
      if (line?.kind === "group" && result.takeAverage(line.group)) onward();
    },
    nothing: () => {
      if (line?.kind === "group") {
        result.nothing(line.group);
        onward();
      }
    },
    edit: () => {
      if (line?.kind === "group") {
        if (result.inResult(line.group) === null)
          result.take(
            line.group,
            line.group.members.findIndex((m) => m !== null),
          );
        bench.store.selected.value = result.inResult(line.group)?.id ?? null;
      }
      setLayout("result");
      requestAnimationFrame(() => focusPane(line?.kind === "group" ? line.group.stream : (bench.panes[0]?.id ?? "")));
    },
    add: () => {
      setLayout("result");
      bench.store.selected.value = null;
      requestAnimationFrame(() => focusPane(bench.panes[0]?.id ?? ""));
    },
  };
  const decide = async (body: object): Promise<void> => {
    await post(`/api/items/${encodeURIComponent(result.work.item.id)}/decision`, body);
    go("reviews");
  };
  const of = result.readers.map((r) => ({ assignment: r.assignment, n: r.revision.n }));
  const tell = (p: Promise<void>): void => void p.catch((e: unknown) => acts.refusal(e));
  const acceptAll = (): void => tell(decide({ decision: "accept", of, ...(cause === null ? {} : { cause }) }));
  const needCause = result.conflicts > 0 && cause === null;
  const finish = (): void => {
    if (open > 0) return acts.say(t("review.open", { n: open }));
    if (needCause) return acts.say(t("review.needCause"));
    if (result.alone && !result.changed) return acceptAll();
    const doc = result.document(),
      checked = checkAnnotation(doc, bench.ground, true);
    if (!checked.ok) return acts.say(`${checked.pointer}: ${checked.reason}`);
    tell(decide({ decision: result.alone ? "edit" : "adjudicate", of, doc, ...(cause === null ? {} : { cause }) }));
  };
  const close = (): void => {
    acts.ask.value = null;
  };
  useLater(Markdown, Find, GuidelineDialog, KeySheet, Account);
  const focused = bench.panes.find((p) => p.id === bench.focus.value),
    image = focused?.brief.kind === "image" ? acts.rasters.get(focused.id) : undefined;
  const can = (f: () => void): (() => void) | undefined => (bench.readOnly ? undefined : f),
    marked = bench.store.selected.value !== null;
  const digits: Entry[] = result.readers.map((r, i) => ({
    scope: "review",
    keys: [String(i + 1)],
    say: t("review.take", { letter: r.letter }),
    run: () => moves.take(i),
  }));
  const causes: Entry[] = CAUSES.map(([c, key]) => ({
    scope: "review",
    keys: [key],
    say: t(`cause.${c}`),
    run: () => setCause(c),
  }));
  const mean: Entry = { scope: "review", keys: ["A"], say: t("review.average"), run: moves.average };
  const guideline =
    bench.guidelines.size > 0
      ? (): void => {
          acts.ask.value = "guideline";
        }
      : undefined;
  useKeys(
    editing
      ? {
          goGuideline: guideline,
          cancel: () => {
            if (bench.label.peek() === null && bench.store.selected.peek() === null) setLayout("side");
            else acts.cancel();
          },
          submit: can(finish),
          nextRegion: () => acts.step(1),
          previousRegion: () => acts.step(-1),
          relation: can(() => acts.relation()),
          find: acts.find(),
          labels: can(() => {
            acts.ask.value = "labels";
          }),
          remove: marked ? can(() => acts.remove()) : undefined,
          layout: () => setLayout("side"),
          ...(image === undefined ? {} : imageCommands(acts, image)),
          ...(focused?.brief.kind === "text"
            ? { bounds: can(() => acts.usePart(true)), part: can(() => acts.usePart(false)) }
            : {}),
        }
      : {
          goGuideline: guideline,
          submit: can(finish),
          nextGroup: () => setAt(Math.min(lines.length - 1, at + 1)),
          previousGroup: () => setAt(Math.max(0, at - 1)),
          edit: can(moves.edit),
          nothing: can(moves.nothing),
          add: can(moves.add),
          layout: () => setLayout(layout === "side" ? "layered" : "side"),
          giveBack: can(() => setReturning(true)),
        },
    editing ? schemaEntries(acts, letters) : bench.readOnly ? [] : result.alone ? causes : [...digits, ...causes, mean],
  );

  const onPick = (g: Group): void => setAt(lines.findIndex((l) => l.kind === "group" && l.group === g));
  const region: Region | null = line?.kind === "group" ? (line.group.members.find((m) => m !== null) ?? null) : null;
  const label = bench.schema.labels.get(region?.label ?? ""),
    kind = bench.panes.find((p) => p.id === region?.stream)?.brief.kind ?? "text";
  return (
    <Shell
      undo={{ store: bench.store }}
      inside="wall.review"
      crumb={
        <>
          <b>{t("page.reviews")}</b>
          <span class="faint">/</span>
          <b class="trunc">{say(bench.schema.schema.title)}</b>
          <Badge kind="line">{result.work.item.session.slice(0, 12)}…</Badge>
          {bench.readOnly && <Badge kind="ok">{t("review.done")}</Badge>}
        </>
      }
      mid={
        <>
          <button type="button" class="btn ghost sm" disabled={at <= 0} onClick={() => setAt(at - 1)}>
            <span class="sr">{t("key.previousGroup")}</span>
            <Icon name="left" small />
            <Key of="previousGroup" />
          </button>
          <span class="nowrap">
            <b>{t("review.groupN", { n: line?.n ?? 0 })}</b>{" "}
            <span class="faint">· {t("review.openOf", { n: open, all: result.conflicts })}</span>
          </span>
          <button type="button" class="btn ghost sm" disabled={at >= lines.length - 1} onClick={() => setAt(at + 1)}>
            <span class="sr">{t("key.nextGroup")}</span>
            <Key of="nextGroup" />
            <Icon name="right" small />
          </button>
        </>
      }
      meta={
        <>
          <span>{t("meta.schema", { n: bench.schema.schema.version })}</span>
          <span>
            {t("review.base", { list: result.readers.map((r) => `${r.letter} r${r.revision.n}`).join(", ") })}
          </span>
        </>
      }
    >
      <main class="main adj">
        <h1 class="sr">{t("page.reviews")}</h1>
        <section class={`adjstage${editing ? " editing" : ""}`}>
          <div class="notices" aria-live="polite">
            {acts.notice.value !== null && <div class="toast">{acts.notice.value}</div>}
          </div>
          <div class="stagebar">
            <div class="seg">
              <button type="button" aria-pressed={layout === "side"} onClick={() => setLayout("side")}>
                <Icon name="columns" small />
                {t("review.side")}
              </button>
              <button type="button" aria-pressed={layout === "layered"} onClick={() => setLayout("layered")}>
                <Icon name="layers" small />
                {t("review.layered")}
              </button>
              <button type="button" aria-pressed={editing} onClick={moves.add}>
                <Icon name="check" small />
                {t("review.result")}
              </button>
            </div>
            <Key of="layout" />
            <span class="sepv" />
            <span class="inline tight small muted nowrap">
              <Icon name="eye" small />
              {t("review.blind")}
            </span>
          </div>
          {editing ? (
            <div class={`panes n${bench.panes.length}`}>
              <Between acts={acts} />
              {bench.panes.map((p) => (
                <PaneBox key={p.id} acts={acts} pane={p} cap={`G ${letters.get(p.id) ?? ""}`} />
              ))}
            </div>
          ) : (
            <Readers result={result} layout={layout} chosen={chosen} onPick={onPick} />
          )}
          {editing ? <Dock acts={acts} /> : <GroupTable result={result} lines={lines} at={at} onPick={setAt} />}
        </section>
        <aside class="side r" aria-label={t("review.decide")}>
          {editing ? (
            <Inspector acts={acts} />
          ) : (
            <>
              <Subject result={result} line={line} />
              <Decide result={result} line={line} moves={moves} />
            </>
          )}
          {!bench.readOnly && result.conflicts > 0 && !editing && <Why cause={cause} onCause={setCause} />}
          <GuidelinePanel
            guideline={bench.guidelines.get(kind)}
            label={editing ? bench.schema.labels.get(acts.selected?.label ?? "") : label}
            onWhole={() => {
              acts.ask.value = "guideline";
            }}
          />
          <Comments list={result.work.comments} title={t("comments")} />
          {editing && (
            <>
              <Relations acts={acts} />
              <RegionList desk={bench} />
            </>
          )}
          {!bench.readOnly && (
            <footer class="sidefoot wrap">
              <Button of="giveBack" onClick={() => setReturning(true)}>
                {t("key.giveBack")}
              </Button>
              {!result.alone && <Button onClick={acceptAll}>{t("review.acceptAll")}</Button>}
              <button type="button" class={`btn grow${open === 0 && !needCause ? " primary" : ""}`} onClick={finish}>
                {open > 0
                  ? t("review.finishOpen", { n: open })
                  : needCause
                    ? t("review.finishCause")
                    : t(result.alone && !result.changed ? "review.accept" : "review.finish")}
                <Key of="submit" />
              </button>
            </footer>
          )}
        </aside>
      </main>
      {returning && (
        <ReturnDialog
          result={result}
          region={region}
          onClose={() => setReturning(false)}
          onSend={(list, text, id) =>
            decide({
              decision: "return",
              of: of.filter((o) => list.includes(o.assignment)),
              ...(cause === null ? {} : { cause }),
              comments: [{ ...(id === null ? {} : { region: id }), text }],
            })
          }
        />
      )}
      {acts.ask.value === "labels" && <QuickList acts={acts} onClose={close} />}
      {acts.ask.value === "guideline" && (
        <GuidelineDialog guidelines={[...bench.guidelines.values()]} onClose={close} />
      )}
      {acts.ask.value === "changes" && <ChangesDialog acts={acts} onClose={close} />}
      <RelationChoice acts={acts} />
    </Shell>
  );
}

function Readers({
  result,
  layout,
  chosen,
  onPick,
}: {
  result: Result;
  layout: Layout;
  chosen: Parameters<typeof ReadText>[0]["chosen"];
  onPick: (g: Group) => void;
}): JSX.Element {
  const texts = result.bench.panes.filter((p) => p.brief.kind === "text"),
    films = result.bench.panes.filter((p) => p.brief.kind === "image");
  const all = result.readers.map((_, i) => i),
    text = texts.find((p) => p.id === chosen.value?.stream) ?? texts[0],
    film = films.find((p) => p.id === chosen.value?.stream) ?? films[0];
  const columns = text === undefined ? 0 : layout === "layered" ? 1 : all.length;
  return (
    <div class={`readers t${columns} f${film === undefined ? 0 : 1}`}>
      {text !== undefined &&
        (layout === "layered" || result.alone ? (
          <section class="reader layered" aria-label={t("review.layered")}>
            <header>
              {result.readers.map((r) => (
                <ReaderHeadName key={r.letter} letter={r.letter} />
              ))}
            </header>
            <ReadText result={result} pane={text} chosen={chosen} onPick={onPick} readers={all} />
          </section>
        ) : (
          all.map((i) => {
            const r = result.readers[i];
            return r === undefined ? null : (
              <section class="reader" key={r.letter} aria-label={t("reader", { letter: r.letter })}>
                <ReaderHead reader={r} />
                <ReadText result={result} pane={text} chosen={chosen} onPick={onPick} readers={[i]} />
              </section>
            );
          })
        ))}
      {film !== undefined && <ReadFilm result={result} pane={film} chosen={chosen} onPick={onPick} />}
    </div>
  );
}

function ReaderHeadName({ letter }: { letter: string }): JSX.Element {
  return (
    <span class="inline tight">
      <span class={`rmark${letter === "A" ? "" : " b"}`}>{letter}</span>
      <b>{t("reader", { letter })}</b>
    </span>
  );
}
