// Stands between the bot and the twin's gateway, and adds what Discord sends and the twin leaves out. Nothing else is
// changed, and nothing that the bot sends.
import { WebSocket, WebSocketServer } from "ws";

const [VIEW_CHANNEL, SEND_MESSAGES, READ_MESSAGE_HISTORY] = [1n << 10n, 1n << 11n, 1n << 16n];

/** Starts it in front of `upstream`; `users` finds a user of the twin as Discord would describe it. */
export async function startGateway(upstream, users) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  server.on("connection", (bot, request) => {
    const twin = new WebSocket(upstream + request.url.replace(/^\/(?=\?|$)/, ""));
    const opened = new Promise((resolve) => twin.once("open", resolve));
    bot.on("message", async (data) => {
      await opened;
      twin.send(data.toString());
    });
    // One after the other: events keep their order.
    let last = Promise.resolve();
    twin.on("message", (data) => {
      last = last.then(async () => bot.send(JSON.stringify(await complete(JSON.parse(data), users))));
    });
    for (const [from, to] of [[bot, twin], [twin, bot]]) {
      from.on("close", () => to.close());
      from.on("error", () => to.close());
    }
  });
  const stop = () => {
    for (const client of server.clients) client.terminate();
    server.close();
  };
  return { url: `ws://127.0.0.1:${server.address().port}`, stop };
}

/**
 * The twin's messages mention nobody: its gateway sends `mentions: []` whatever the text says. Its roles have no `colors`,
 * without which serenity does not read a server. It takes no files, so its
 * interactions say here that the bot may not attach any.
 */
async function complete(event, users) {
  if (event.t === "GUILD_CREATE") {
    for (const role of event.d.roles) {
      role.colors ??= { primary_color: role.color, secondary_color: null, tertiary_color: null };
    }
  }
  if (event.t === "MESSAGE_CREATE" && event.d.mentions.length === 0) {
    const ids = new Set([...event.d.content.matchAll(/<@!?(\d+)>/g)].map(([, id]) => id));
    event.d.mentions = (await Promise.all([...ids].map(users))).filter(Boolean);
  }
  if (event.t === "INTERACTION_CREATE") {
    event.d.app_permissions = String(VIEW_CHANNEL | SEND_MESSAGES | READ_MESSAGE_HISTORY);
  }
  return event;
}
