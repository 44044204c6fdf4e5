// A short discord.js bot. It knows nothing of the simulator but its address.
const {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, Client, Events, GatewayIntentBits, MessageFlags, Partials,
  SlashCommandBuilder,
} = require("discord.js");

const { SIM_BASE, SIM_TOKEN } = process.env;
const client = new Client({
  intents: [
    GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages,
    GatewayIntentBits.MessageContent,
  ],
  partials: [Partials.Channel],
  rest: { api: `${SIM_BASE}/api` },
});

const commands = [
  new SlashCommandBuilder().setName("ping").setDescription("Answers at once"),
  new SlashCommandBuilder().setName("think").setDescription("Thinks first")
    .addStringOption((option) => option.setName("about").setDescription("What").setRequired(true)),
];

client.once(Events.ClientReady, () => client.application.commands.set(commands));

client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot) return;
  await message.channel.sendTyping();
  const reply = await message.reply(`you said ${message.content}`);
  await reply.edit(`${reply.content}!`);
  await message.react("👍");
});

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isButton()) {
    await interaction.update({ content: "more of it", components: [] });
  } else if (interaction.commandName === "ping") {
    const more = new ButtonBuilder().setCustomId("more").setLabel("More").setStyle(ButtonStyle.Primary);
    await interaction.reply({ content: "pong", components: [new ActionRowBuilder().addComponents(more)] });
  } else {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply(`thought about ${interaction.options.getString("about")}`);
    await interaction.followUp({ content: "and more", flags: MessageFlags.Ephemeral });
  }
});

client.login(SIM_TOKEN);
