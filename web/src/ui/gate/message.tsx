/* One message whole: what it says, the note that its sender signed, and its exact bytes. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "../../app/api";
import { t } from "../../app/messages";
import type { CrossedWhole } from "../../app/records";
import { clock, count, day, size } from "../../app/time";
import { useFault } from "../fault";
import { Icon } from "../icons";
import { useKeys } from "../keys";
import { Badge, Key, Loading } from "../parts";
import { bytesOf, hexRows } from "./hex";
import { nameOf, wordsOf } from "./left";

const SHOWN = 16384,
  VIEWS = ["plain", "note", "bytes"] as const;
type View = (typeof VIEWS)[number];

export function Message({ id }: { id: string }): JSX.Element {
  const [whole, setWhole] = useState<CrossedWhole | null>(null),
    [view, setView] = useState<View>("plain"),
    fault = useFault();
  useEffect(() => {
    setWhole(null);
    if (id !== "") void fault.watch(get<CrossedWhole>(`/api/left/${encodeURIComponent(id)}`).then(setWhole));
  }, [id]);
  useKeys({ bytes: () => setView(view === "bytes" ? "plain" : "bytes") });
  return (
    <aside class="side r" aria-label={t("left.message")}>
      {id === "" && (
        <section class="sec">
          <p class="muted">{t("left.choose")}</p>
        </section>
      )}
      {fault.node}
      {id !== "" && whole === null && fault.node === null && <Loading />}
      {whole !== null && (
        <>
          <Facts m={whole} />
          <section class="sec">
            <header>
              <div class="seg">
                {VIEWS.map((v) => (
                  <button type="button" key={v} aria-pressed={view === v} onClick={() => setView(v)}>
                    {t(`left.${v}`)}
                  </button>
                ))}
              </div>
              <span class="end">
                <Key of="bytes" />
              </span>
            </header>
            <Shown m={whole} view={view} />
            <p class="hint">{t("left.offline", { cmd: `cloister-audit show LOG ${whole.index}` })}</p>
          </section>
        </>
      )}
    </aside>
  );
}

function Facts({ m }: { m: CrossedWhole }): JSX.Element {
  const out = m.direction === "out";
  return (
    <section class="sec">
      <header>
        <Icon name={out ? "out" : "arch"} />
        <h2 class="h3">{nameOf(m.type)}</h2>
        <span class="end">
          <Badge kind={out ? "leave" : ""}>{t(out ? "left.out" : "left.in")}</Badge>
        </span>
      </header>
      <p class="xsaid">{wordsOf(m)}</p>
      <dl class="facts">
        <dt>{t("left.time")}</dt>
        <dd>
          {day(m.at_ms)}, {clock(m.at_ms)}
        </dd>
        <dt>{t("size")}</dt>
        <dd>{size(m.bytes)}</dd>
        <dt>{t("left.entry")}</dt>
        <dd>{count(m.index)}</dd>
        <dt>SHA-256</dt>
        <dd class="mono breakall">{m.frame.slice("sha256:".length)}</dd>
      </dl>
    </section>
  );
}

function Shown({ m, view }: { m: CrossedWhole; view: View }): JSX.Element {
  if (view === "plain") return m.says === null ? <p class="muted">{m.words}</p> : <Says says={m.says} />;
  if (view === "note" && m.note === null) return <p class="muted">{t("left.noNote")}</p>;
  const bytes = bytesOf(m.base64);
  if (view === "bytes" && bytes.length === 0) return <p class="muted">{t("left.noBytes")}</p>;
  return (
    <>
      <pre class={`hex xbytes${view === "note" ? " wrapped" : ""}`} tabIndex={0} role="region" aria-label={t(`left.${view}`)}>
        {view === "note" ? m.note : hexRows(bytes, SHOWN)}
      </pre>
      {view === "bytes" && bytes.length > SHOWN && (
        <p class="hint">{t("left.more", { n: count(bytes.length - SHOWN) })}</p>
      )}
    </>
  );
}

const shown = (v: unknown): string =>
  typeof v === "string" ? v : typeof v === "number" ? count(v) : (JSON.stringify(v, null, 1) ?? "");

/* Each member by the name that it has on the wire: what the sentence above leaves out stands here. */
function Says({ says }: { says: Readonly<Record<string, unknown>> }): JSX.Element {
  return (
    <table class="table dec">
      <tbody>
        {Object.entries(says).map(([k, v]) => (
          <tr key={k}>
            <th scope="row">{k}</th>
            <td>
              {typeof v === "string" && v.includes("\n") ? (
                <pre class="hex xbytes wrapped" tabIndex={0} role="region" aria-label={k}>
                  {v}
                </pre>
              ) : (
                <span class="breakall">{shown(v)}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
