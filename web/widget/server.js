const KEY = "pulje-guide";

/** Why the server gave no answer: `lost` (not reached), `slow` (no answer in time) or `refused` (`text` says why). */
class Unanswered extends Error {
  constructor(kind, text = "") {
    super(kind);
    this.kind = kind;
    this.text = text;
  }
}

/** The assistant's doors (docs/contract.md). The conversation's id travels in bodies only. */
class Server {
  constructor(url) {
    this.url = url.replace(/\/+$/, "");
  }

  /** What a chat needs before the first message: starting questions, pools' names, contact, longest message. */
  start(pool) {
    return this.call(`/chat.json${pool ? `?pool=${encodeURIComponent(pool)}` : ""}`);
  }

  ask(sender, message, pool) {
    return this.call("/webhooks/rest/webhook", { sender, message, metadata: pool ? { pool } : {} });
  }

  async history(sender) {
    return (await this.call("/webhooks/rest/history", { sender })).messages;
  }

  remove(sender) {
    return this.call("/webhooks/rest/delete", { sender });
  }

  rate(sender, answer, useful, reason) {
    return this.call("/webhooks/rest/feedback", { sender, answer, useful, ...(reason && { reason }) });
  }

  async call(path, body) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), 20_000);
    try {
      const response = await fetch(this.url + path, {
        ...(body && {
          method: "POST",
          // A proxy may lead a conversation to one process by its first letters; its id is the body's alone.
          headers: { "Content-Type": "application/json", "X-Route": body.sender.slice(0, 4) },
          body: JSON.stringify(body),
        }),
        credentials: "omit",
        signal: abort.signal,
      });
      const data = await response.json();
      if (!response.ok) throw new Unanswered(data.text ? "refused" : "lost", data.text);
      return data;
    } catch (error) {
      if (error instanceof Unanswered) throw error;
      throw new Unanswered(abort.signal.aborted ? "slow" : "lost");
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What a tab remembers: the conversation's id, whether the chat is open, what is typed or not sent yet. */
class Memory {
  constructor() {
    this.kept = {};
    try {
      this.kept = JSON.parse(sessionStorage.getItem(KEY)) || {};
    } catch {
      // Storage is closed to us (a sandboxed frame): the conversation lasts as long as the page.
    }
  }

  set(values) {
    Object.assign(this.kept, values);
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.kept));
    } catch {
      // As above.
    }
  }

  /** The conversation's id, 192 random bits, made when it is first needed. */
  get id() {
    if (!this.kept.id) {
      const bytes = crypto.getRandomValues(new Uint8Array(24));
      this.set({ id: btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_") });
    }
    return this.kept.id;
  }
}
