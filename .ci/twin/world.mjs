// The twin, a model and the bot, started together, and a person's hands and eyes in it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DigitalDiscord } from "discord-digital-twin";
import { startGateway } from "./gateway.mjs";
import { startModel } from "./model.mjs";

/** How long anything may take, in milliseconds. */
export const PATIENCE = 20_000;
const TOKEN = "a-token-that-only-the-twin-knows";
/** Kinds of options, as Discord numbers them. */
export const SUBCOMMAND = 1, STRING = 3;
/** Kinds of interactions and of commands, as Discord numbers them. */
const APPLICATION_COMMAND = 2, MESSAGE_MENU = 3;

export class World {
  static async start(binary) {
    const world = new World();
    world.twin = new DigitalDiscord({
      botToken: TOKEN,
      botUser: { username: "Familiar" },
      guild: { name: "The twin" },
      channels: [{ name: "general", type: 0 }],
      users: [{ username: "Ada" }],
    });
    const { twin } = world;
    await twin.start();
    world.ada = await twin.getFirstNonBotUserId();
    world.general = (await twin.prisma.channel.findFirst({ where: { name: "general" } })).id;
    world.requests = [];
    twin.server.httpServer.prependListener("request", ({ method, url, headers }, response) => {
      if (!headers["user-agent"]?.startsWith("DiscordBot")) return;
      response.once("finish", () => world.requests.push({ method, url, status: response.statusCode }));
    });
    world.model = await startModel();
    world.gateway = await startGateway(twin.gatewayUrl, (id) => world.get(`/users/${id}`));
    world.folder = await mkdtemp(path.join(tmpdir(), "familiar-twin-"));
    await world.startBot(binary);
    return world;
  }

  async startBot(binary) {
    const file = path.join(this.folder, "familiar.toml");
    await writeFile(file, `
[instance]
data = ${JSON.stringify(path.join(this.folder, "data"))}
[discord]
http_proxy = "http://127.0.0.1:${this.twin.port}"
gateway = "${this.gateway.url}"
message_content = true
[model]
provider = "stub"
model = "parrot"
base_url = "${this.model.url}"
context_window = 8192
max_output = 2048
plain_replies = true
local = true
`);
    const environment = { ...process.env, DISCORD_TOKEN: TOKEN };
    this.log = "";
    this.bot = spawn(binary, ["--config", file, "run"], { env: environment, stdio: ["ignore", "ignore", "pipe"] });
    this.bot.stderr.on("data", (piece) => (this.log += piece));
    this.ended = once(this.bot, "exit");
    // Whatever ends this script, the bot does not outlive it.
    process.once("exit", () => this.bot.kill("SIGKILL"));
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  }

  /** Tells the bot to stop, and returns its exit code. */
  async stopBot() {
    this.bot.kill("SIGTERM");
    const [code] = await this.ended;
    return code;
  }

  async stop() {
    if (this.bot && this.bot.exitCode === null) this.bot.kill("SIGKILL");
    this.gateway?.stop();
    this.model?.stop();
    await rm(this.folder, { recursive: true, force: true });
    this.twin.server?.httpServer.closeAllConnections();
    await this.twin.stop();
  }

  /** Whoever asks the twin's REST; the body of its answer, or nothing. */
  async get(url) {
    const answer = await this.ask("GET", url);
    return answer.ok ? answer.json() : undefined;
  }

  ask(method, url, body) {
    const headers = { "Content-Type": "application/json" };
    return fetch(`${this.twin.restUrl}/v10${url}`, { method, headers, body: body && JSON.stringify(body) });
  }

  say(channelId, content, messageReference) {
    return this.twin.channel(channelId).user(this.ada).sendMessage({ content, messageReference });
  }

  /** A persona's whole reply to a message. */
  reply(said) {
    return this.seen(said.channel_id, (message) =>
      message.message_reference?.message_id === said.id && message.content.includes("Tell me more."));
  }

  seen(channelId, predicate) {
    return this.twin.channel(channelId).waitForMessage({ timeout: PATIENCE, predicate });
  }

  /** Uses a slash command; `path` is "command" or "command subcommand", `options` values by name. */
  async command(path, options = {}, channelId = this.general) {
    const [name, sub] = path.split(" ");
    const given = await this.given(name, sub, options);
    // Discord lists a subcommand's options even where there are none.
    const nested = sub ? [{ name: sub, type: SUBCOMMAND, options: given }] : given;
    return this.answered(channelId, () =>
      this.twin.channel(channelId).user(this.ada).runSlashCommand({ name, options: nested }));
  }

  /** "Apps › name" on a message. The twin has no hand for it, so the interaction is put together here. */
  async messageMenu(name, { id: target, channel_id: channelId }) {
    const { id } = await this.twin.prisma.applicationCommand.findFirstOrThrow({ where: { name } });
    const message = await this.get(`/channels/${channelId}/messages/${target}`);
    const data = { id, name, type: MESSAGE_MENU, target_id: target, resolved: { messages: { [target]: message } } };
    return this.answered(channelId, () =>
      this.twin.simulateInteraction({ type: APPLICATION_COMMAND, channelId, userId: this.ada, data }));
  }

  /** How an interaction was acknowledged, and what it was answered. */
  async answered(channelId, interact) {
    const before = new Set((await this.twin.channel(channelId).getMessages()).map((message) => message.id));
    const { id } = await interact();
    const ack = await this.acknowledged(id);
    const answer = await this.seen(channelId, (message) => !before.has(message.id) && message.webhook_id);
    return { ack, answer };
  }

  /** The options as Discord would send them: of the registered kind, a choice by its value. */
  async given(name, sub, options) {
    const command = await this.twin.prisma.applicationCommand.findFirstOrThrow({ where: { name } });
    let known = JSON.parse(command.options);
    if (sub) known = known.find((one) => one.name === sub).options ?? [];
    return Object.entries(options).map(([name, value]) => {
      const { type, choices } = known.find((one) => one.name === name);
      return { name, type, value: choices?.find((one) => one.name === value)?.value ?? value };
    });
  }

  async click(message, label) {
    const button = message.components.flatMap((row) => row.components).find((one) => one.label === label);
    const { id } = await this.twin.channel(message.channel_id).user(this.ada)
      .clickButton({ messageId: message.id, customId: button.custom_id });
    return this.acknowledged(id);
  }

  /** The twin's record of how an interaction was answered. */
  acknowledged(interactionId) {
    return this.twin.channel(this.general).waitForInteractionAck({ interactionId, timeout: PATIENCE });
  }
}

/** Waits until `ask` finds something. */
export async function until(what, ask) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
