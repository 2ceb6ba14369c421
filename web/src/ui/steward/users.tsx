/* People: add, new password, disable. A password is shown once, to the person who gives it on. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, me, post } from "../../app/api";
import { t, type MessageKey } from "../../app/messages";
import type { UserRow } from "../../app/records";
import { when } from "../../app/time";
import { useFault } from "../fault";
import { Gate } from "../gate/lazy";
import { useKeys } from "../keys";
import { Badge, Button, Dialog, Loading, Note } from "../parts";
import { Shell } from "../shell";

const ROLES = ["annotator", "reviewer", "adjudicator", "steward", "auditor", "admin"] as const;
interface Given {
  user: string;
  pseudonym: string;
  password: string;
}

export function Users(): JSX.Element {
  const [rows, setRows] = useState<UserRow[] | null>(null),
    [given, setGiven] = useState<Given | null>(null),
    [adding, setAdding] = useState(false),
    fault = useFault();
  const refresh = (): Promise<void> => get<{ users: UserRow[] }>("/api/users").then((r) => setRows(r.users));
  useEffect(() => void fault.watch(refresh()), []);
  useKeys({ fresh: () => setAdding(true) });
  const act = (user: string, what: "reset" | "disable"): void =>
    void fault.watch(
      post<Given | null>(`/api/users/${encodeURIComponent(user)}/${what}`).then((g) => {
        if (g !== null) setGiven(g);
        return refresh();
      }),
    );
  return (
    <Shell
      crumb={<b>{t("page.users")}</b>}
      inside="wall.steward"
      meta={rows === null ? undefined : <span>{t("users.n", { n: rows.length })}</span>}
    >
      <main class="main home wide">
        <section class="hcol">
          <h1>{t("page.users")}</h1>
          <p class="muted">{t("users.why")}</p>
          {fault.node}
          {rows === null && fault.node === null ? (
            <Loading />
          ) : (
            <section class="panel queue scrolls" tabIndex={0} role="region" aria-label={t("page.users")}>
              <header>
                <h2 class="h3">{t("users.list")}</h2>
                <span class="end inline">
                  {me.value?.suspended == null && <Gate />}
                  <Button kind="primary" of="fresh" onClick={() => setAdding(true)}>
                    {t("users.add")}
                  </Button>
                </span>
              </header>
              <table class="table">
                <thead>
                  <tr>
                    <th>{t("user")}</th>
                    <th>{t("users.name")}</th>
                    <th>{t("pseudonym")}</th>
                    <th>{t("roles")}</th>
                    <th>{t("state")}</th>
                    <th>{t("users.last")}</th>
                    <th>
                      <span class="sr">{t("users.acts")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows?.map((u) => (
                    <tr key={u.user}>
                      <td>
                        <b class="md">{u.user}</b>
                      </td>
                      <td>{u.name}</td>
                      <td class="mono">{u.pseudonym}</td>
                      <td>{u.roles.map((r) => t(`role.${r}` as MessageKey)).join(", ")}</td>
                      <td>
                        {u.disabled ? (
                          <Badge kind="bad">{t("users.disabled")}</Badge>
                        ) : u.must_change ? (
                          <Badge kind="warn">{t("users.oneTime")}</Badge>
                        ) : (
                          <Badge kind="ok">{t("users.active")}</Badge>
                        )}
                      </td>
                      <td class="faint nowrap">{u.last_login_ms === null ? "–" : when(u.last_login_ms)}</td>
                      <td>
                        <span class="inline tight">
                          {!u.disabled && (
                            <Button
                              kind="sm"
                              label={t("users.resetOf", { user: u.user })}
                              onClick={() => act(u.user, "reset")}
                            >
                              {t("users.reset")}
                            </Button>
                          )}
                          {!u.disabled && u.user !== me.value?.user && (
                            <Button
                              kind="sm danger"
                              label={t("users.disableOf", { user: u.user })}
                              onClick={() => act(u.user, "disable")}
                            >
                              {t("users.disable")}
                            </Button>
                          )}
                        </span>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          )}
        </section>
      </main>
      {adding && (
        <Add
          onClose={() => setAdding(false)}
          onGiven={(g) => {
            setAdding(false);
            setGiven(g);
            void fault.watch(refresh());
          }}
        />
      )}
      {given !== null && (
        <Dialog
          title={t("users.given", { user: given.user })}
          onClose={() => setGiven(null)}
          footer={
            <Button k="Escape" onClick={() => setGiven(null)}>
              {t("close")}
            </Button>
          }
        >
          <Note kind="warn">{t("users.once")}</Note>
          <div class="words breakall">{given.password}</div>
          <p class="hint">
            {t("pseudonym")}: {given.pseudonym}
          </p>
        </Dialog>
      )}
    </Shell>
  );
}

function Add({ onClose, onGiven }: { onClose: () => void; onGiven: (g: Given) => void }): JSX.Element {
  const [user, setUser] = useState(""),
    [name, setName] = useState(""),
    [roles, setRoles] = useState<readonly string[]>(["annotator"]),
    fault = useFault();
  const ready = user.trim() !== "" && roles.length > 0;
  const send = (): void => {
    if (ready)
      void fault.watch(
        post<Given>("/api/users", {
          user: user.trim(),
          ...(name.trim() === "" ? {} : { name: name.trim() }),
          roles,
        }).then(onGiven),
      );
  };
  const toggle = (r: string): void => setRoles(roles.includes(r) ? roles.filter((x) => x !== r) : [...roles, r]);
  return (
    <Dialog
      title={t("users.add")}
      onClose={onClose}
      commands={{ submit: send }}
      footer={
        <>
          <Button k="Escape" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button kind="primary" of="submit" disabled={!ready} onClick={send}>
            {t("users.add")}
          </Button>
        </>
      }
    >
      <div class="field">
        <label for="new-user">{t("login.user")}</label>
        <input
          class="input"
          id="new-user"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={user}
          onInput={(e) => setUser(e.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for="new-name">{t("users.name")}</label>
        <input
          class="input"
          id="new-name"
          autocomplete="off"
          value={name}
          onInput={(e) => setName(e.currentTarget.value)}
        />
      </div>
      <fieldset class="stack">
        <legend class="lbl">{t("roles")}</legend>
        {ROLES.map((r) => (
          <label class="opt" key={r}>
            <input type="checkbox" checked={roles.includes(r)} onChange={() => toggle(r)} />
            {t(`role.${r}`)}
          </label>
        ))}
      </fieldset>
      {fault.node}
    </Dialog>
  );
}
