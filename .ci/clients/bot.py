"""A short discord.py bot. It knows nothing of the simulator but its address."""

import os

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

BASE, GATEWAY, TOKEN = (os.environ[name] for name in ("SIM_BASE", "SIM_GATEWAY", "SIM_TOKEN"))
Route.BASE = f"{BASE}/api/v10"
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(GATEWAY)


class More(discord.ui.View):
    @discord.ui.button(label="More", custom_id="more")
    async def more(self, interaction, button):
        await interaction.response.edit_message(content="more of it", view=None)


class Bot(discord.Client):
    def __init__(self):
        super().__init__(intents=discord.Intents.default() | discord.Intents(message_content=True))
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self):
        self.tree.add_command(ping)
        self.tree.add_command(think)
        await self.tree.sync()

    async def on_message(self, message):
        if message.author.bot:
            return
        async with message.channel.typing():
            reply = await message.reply(f"you said {message.content}")
        await reply.edit(content=f"{reply.content}!")
        await message.add_reaction("👍")


@app_commands.command(description="Answers at once")
async def ping(interaction: discord.Interaction):
    await interaction.response.send_message("pong", view=More())


@app_commands.command(description="Thinks first")
async def think(interaction: discord.Interaction, about: str):
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(content=f"thought about {about}")
    await interaction.followup.send("and more", ephemeral=True)


Bot().run(TOKEN)
